import type { Address } from "../load-balancer/probe.ts";
import type { Log } from "../log.ts";
import { BootedMachine } from "../machines/booted-machine.ts";
import type { RootFileSystems } from "../machines/root-file-systems.ts";
import type { Instance, World } from "../world.ts";
import { Machine, type MachineOptions } from "./machine.ts";

/** An instance, or a task, as the status shows it. */
export interface InstanceStatus {
  readonly id: string;
  /** How target groups name it. */
  readonly target: string;
  readonly imageId: string;
  /** The state of its process or machine; `empty` for an image without a release. */
  readonly state: string;
  readonly pid: number | undefined;
  readonly port: number | undefined;
}

/** What the fleet needs from the rest of the twin. */
export interface FleetOptions extends MachineOptions {
  /** Whether a load balancer still drains this instance: it is stopped only afterwards. */
  readonly inUse: (instanceId: string) => boolean;
  readonly roots: RootFileSystems;
  readonly log: Log;
}

/** All instances of the world: booted machines where the image has a root file system, else processes. */
export class Fleet {
  private readonly options: FleetOptions;
  private readonly machines = new Map<string, Machine | BootedMachine>();
  private readonly empty = new Map<string, Instance>();

  constructor(options: FleetOptions) {
    this.options = options;
  }

  /** Starts what the world runs and stops what it does not run any more. Slow work goes on by itself. */
  reconcile(world: World): void {
    const wanted = new Map(
      world.instances
        .filter(({ state }) => state === "pending" || state === "running")
        .map((one) => [one.id, one]),
    );
    for (const machine of this.machines.values()) {
      const { id } = machine.instance;
      if (wanted.has(id) || machine.state === "stopping" || this.options.inUse(id)) continue;
      this.options.log(`${id}: stopping`);
      void machine.stop().then(() => {
        this.machines.delete(id);
        this.options.log(`${id}: stopped`);
      });
    }
    for (const id of this.empty.keys()) if (!wanted.has(id)) this.empty.delete(id);
    for (const instance of wanted.values()) {
      if (!this.machines.has(instance.id) && !this.empty.has(instance.id)) this.launch(instance, world);
    }
    const used = new Set([...this.machines.values()].map(({ instance }) => instance.imageId));
    this.options.roots.forget(world.images, used);
  }

  /** Where a port of an instance (by id or private address) really is; undefined if nothing listens there. */
  address(idOrIp: string, port: number): Address | undefined {
    const machine =
      this.machines.get(idOrIp) ??
      [...this.machines.values()].find(({ instance }) => instance.privateIp === idOrIp);
    if (machine?.port === undefined || machine.instancePort !== port) return undefined;
    return { host: "127.0.0.1", port: machine.port };
  }

  /** The instances whose system is up (`ok`) or has died (`impaired`). */
  statuses(): { instance: Instance; status: "ok" | "impaired" }[] {
    return [...this.machines.values()]
      .filter(({ state }) => state === "running" || state === "dead")
      .map(({ instance, state }) => ({ instance, status: state === "dead" ? "impaired" : "ok" }));
  }

  /** What runs now. */
  status(): InstanceStatus[] {
    const machines = [...this.machines.values()].map(({ instance, state, pid, port }) => ({
      id: instance.id,
      target: instance.id,
      imageId: instance.imageId,
      state,
      pid,
      port,
    }));
    const empty = [...this.empty.values()].map(({ id, imageId }) => ({
      id,
      target: id,
      imageId,
      state: "empty",
      pid: undefined,
      port: undefined,
    }));
    return [...machines, ...empty];
  }

  /** Stops every process. */
  async stop(): Promise<void> {
    await Promise.all([...this.machines.values()].map((machine) => machine.stop()));
  }

  private launch(instance: Instance, world: World): void {
    const { id, imageId, account, region } = instance;
    const root = this.options.roots.folder(imageId);
    if (root !== undefined) {
      const machine = new BootedMachine(instance, this.options);
      this.machines.set(id, machine);
      this.options.log(`${id}: booting ${imageId}`);
      machine.start(root);
      return;
    }
    const image = world.images.find(
      (one) => one.id === imageId && one.account === account && one.region === region,
    );
    const digest = image?.tags.ReleaseDigest;
    if (digest === undefined) {
      this.empty.set(id, instance);
      this.options.log(`${id}: image ${imageId} has no tag ReleaseDigest, nothing runs on it`);
      return;
    }
    const machine = new Machine(instance, this.options);
    this.machines.set(id, machine);
    this.options.log(`${id}: booting release ${digest.slice(0, 12)} of ${imageId}`);
    machine.start(digest);
  }
}
