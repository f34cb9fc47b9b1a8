import type { InstanceStatus } from "../fleet/fleet.ts";
import type { MachineOptions } from "../fleet/machine.ts";
import type { Address } from "../load-balancer/probe.ts";
import type { Log } from "../log.ts";
import type { TaskReport, World } from "../world.ts";
import { TaskProcess } from "./task-process.ts";

/** What tasks need from the rest of the twin. */
export interface TasksOptions extends MachineOptions {
  /** Whether a load balancer still drains this address: its task is stopped only afterwards. */
  readonly inUse: (address: string) => boolean;
  readonly log: Log;
}

/** All Fargate tasks of the world, each a process. */
export class Tasks {
  private readonly options: TasksOptions;
  private readonly processes = new Map<string, TaskProcess>();

  constructor(options: TasksOptions) {
    this.options = options;
  }

  /** Starts what the world runs and stops what it does not run any more. Slow work goes on by itself. */
  reconcile(world: World): void {
    const listed = new Map(world.tasks.map((task) => [task.id, task]));
    for (const [id, process] of this.processes) {
      // What has ended was reported before the world forgot it.
      if (process.state === "ended" && !listed.has(id)) this.processes.delete(id);
      const goes = listed.get(id)?.desired !== "RUNNING";
      const mayGo = process.state === "running" || process.state === "starting";
      if (!goes || !mayGo || this.options.inUse(process.task.privateIp ?? "")) continue;
      this.options.log(`${id}: stopping`);
      void process.stop();
    }
    for (const [id, task] of listed) {
      if (this.processes.has(id) || task.desired !== "RUNNING") continue;
      this.options.log(`${id}: starting ${task.image} for ${task.service}`);
      this.processes.set(id, new TaskProcess(task, this.options));
    }
  }

  /** Where a port of a task's address really is; undefined if nothing listens there. */
  address(ip: string, port: number): Address | undefined {
    const found = [...this.processes.values()].find(
      ({ task, state }) => task.privateIp === ip && state !== "ended",
    );
    return found?.port === undefined || found.task.port !== port
      ? undefined
      : { host: "127.0.0.1", port: found.port };
  }

  /** What became of each task. */
  reports(): TaskReport[] {
    return [...this.processes.values()].flatMap(({ task, state, reason }): TaskReport[] => {
      const { account, region, id } = task;
      if (state === "running") return [{ account, region, id, status: "RUNNING" }];
      if (state !== "ended") return [];
      return [{ account, region, id, status: "STOPPED", ...(reason !== undefined && { reason }) }];
    });
  }

  /** What runs now. */
  status(): InstanceStatus[] {
    return [...this.processes.values()].map(({ task, state, pid, port }) => ({
      id: task.id,
      target: task.privateIp ?? task.id,
      imageId: task.image.slice(task.image.lastIndexOf("/") + 1),
      state,
      pid,
      port,
    }));
  }

  /** Stops every process. */
  async stop(): Promise<void> {
    await Promise.all([...this.processes.values()].map((process) => process.stop()));
  }
}
