import type { Databases } from "./database/databases.ts";
import type { Fleet } from "./fleet/fleet.ts";
import { unhealthyInstances } from "./fleet/self-healing.ts";
import { messageOf } from "./http-json.ts";
import type { LoadBalancers } from "./load-balancer/load-balancers.ts";
import { type Log, onlyChanges } from "./log.ts";
import type { Tasks } from "./tasks/tasks.ts";
import type { World, WorldClient } from "./world.ts";

/** The parts that know what really happened. */
export interface Parts {
  readonly client: WorldClient;
  readonly loadBalancers: LoadBalancers;
  readonly fleet: Fleet;
  readonly tasks: Tasks;
  readonly databases: Databases;
  readonly log: Log;
}

/** Tells the AWS API what really happened, each thing when it changes; what fails is told again. */
export class Reporter {
  private readonly parts: Parts;
  private readonly log: Log;
  private readonly failure: Log;
  private readonly told = new Map<string, string>();
  private readonly impairedSince = new Map<string, number>();
  private busy = false;

  constructor(parts: Parts) {
    this.parts = parts;
    this.log = parts.log;
    this.failure = onlyChanges(parts.log);
  }

  /** One round; a round that is still going on takes this one's place. */
  async report(world: World): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      await this.reportTargets(world);
      await this.reportInstances();
      await this.reportTasks();
      await this.replaceUnhealthy(world);
      for (const report of this.parts.databases.reports(world))
        await this.parts.client.reportDatabase(report);
    } catch (error) {
      this.failure(`report failed: ${messageOf(error)}`);
    } finally {
      this.busy = false;
    }
  }

  private async reportTargets(world: World): Promise<void> {
    const existing = new Set(world.targetGroups.map(({ arn }) => arn));
    // A later group may have the same ARN, and the API knows nothing of its targets yet.
    for (const key of this.told.keys())
      if (key.startsWith("arn:") && !existing.has(key)) this.told.delete(key);
    for (const [arn, targets] of this.parts.loadBalancers.health()) {
      if (!existing.has(arn)) continue;
      const text = JSON.stringify(targets);
      const before = this.told.get(arn) ?? "[]";
      if (text === before) continue;
      await this.parts.client.reportTargetHealth(arn, targets);
      this.told.set(arn, text);
      const old = new Map((JSON.parse(before) as typeof targets).map(({ id, state }) => [id, state]));
      for (const { id, state, description } of targets) {
        if (old.get(id) !== state)
          this.log(`${id}: target is ${state}${description ? ` (${description})` : ""}`);
      }
    }
  }

  private async reportInstances(): Promise<void> {
    for (const { instance, status } of this.parts.fleet.statuses()) {
      const { id, account, region } = instance;
      if (this.told.get(id) === status) continue;
      if (status === "impaired") this.impairedSince.set(id, Date.now());
      else this.impairedSince.delete(id);
      await this.parts.client.reportInstanceStatus({ account, region, instanceId: id, status });
      this.told.set(id, status);
      if (status === "impaired") this.log(`${id}: the instance is dead`);
    }
  }

  private async reportTasks(): Promise<void> {
    for (const report of this.parts.tasks.reports()) {
      const { id, status, reason } = report;
      if (this.told.get(id) === status) continue;
      await this.parts.client.reportTask(report);
      this.told.set(id, status);
      this.log(`${id}: ${status === "RUNNING" ? "runs" : `has stopped: ${reason}`}`);
    }
  }

  private async replaceUnhealthy(world: World): Promise<void> {
    const health = this.parts.loadBalancers.health();
    const now = Date.now();
    for (const instance of unhealthyInstances(world, { health, impairedSince: this.impairedSince, now })) {
      const key = `unhealthy ${instance.instanceId}`;
      if (this.told.has(key)) continue;
      await this.parts.client.reportUnhealthy(instance);
      this.told.set(key, "yes");
      this.log(`${instance.instanceId}: unhealthy, its Auto Scaling group replaces it`);
    }
  }
}
