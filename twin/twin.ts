import { setTimeout as delay } from "node:timers/promises";
import { Certificates } from "./certificates.ts";
import { Databases } from "./database/databases.ts";
import { Fleet } from "./fleet/fleet.ts";
import { Releases } from "./fleet/releases.ts";
import { messageOf } from "./http-json.ts";
import { LoadBalancers } from "./load-balancer/load-balancers.ts";
import { type Log, onlyChanges } from "./log.ts";
import { RootFileSystems } from "./machines/root-file-systems.ts";
import type { Processes } from "./processes.ts";
import { Reporter } from "./reporter.ts";
import type { StateFolder } from "./state-folder.ts";
import { Tasks } from "./tasks/tasks.ts";
import { type World, WorldClient } from "./world.ts";

const EVERY_MS = 500;

/** What a twin is made of. */
export interface TwinParts {
  readonly state: StateFolder;
  readonly processes: Processes;
  readonly portBase: number;
  readonly log: Log;
}

/** All that makes the AWS API's world real: reads it twice a second and lets each part follow. */
export class Twin {
  readonly loadBalancers: LoadBalancers;
  readonly fleet: Fleet;
  readonly tasks: Tasks;
  readonly databases: Databases;
  readonly certificates: Certificates;
  private readonly client: WorldClient;
  private readonly reporter: Reporter;
  private readonly steps: readonly { name: string; run: (world: World) => void; failure: Log }[];
  private readonly unreadable: Log;
  private stopped = false;

  constructor({ state, processes, portBase, log }: TwinParts) {
    const certificates = new Certificates(state);
    const client = new WorldClient(portBase);
    const awsEndpoint = `http://127.0.0.1:${portBase}`;
    this.certificates = certificates;
    this.client = client;
    this.loadBalancers = new LoadBalancers({
      portBase,
      resolve: (id, port) => this.fleet.address(id, port) ?? this.tasks.address(id, port),
      secureContext: (name) => certificates.secureContext(name),
      certificate: (address) => certificates.issue(address),
      log,
    });
    const releases = new Releases(state);
    const roots = new RootFileSystems(state);
    void roots.finishRemovals().catch(() => {});
    const inUse = (id: string) => this.loadBalancers.uses(id);
    this.fleet = new Fleet({ state, processes, releases, roots, client, awsEndpoint, inUse, log });
    this.tasks = new Tasks({ state, processes, releases, client, awsEndpoint, inUse, log });
    this.databases = new Databases({ state, processes, certificates, log });
    const { loadBalancers, fleet, tasks, databases } = this;
    this.reporter = new Reporter({ client, log, loadBalancers, fleet, tasks, databases });
    this.unreadable = onlyChanges(log);
    // The load balancer first: it takes a terminated instance's requests away before the fleet stops it.
    this.steps = [loadBalancers, fleet, tasks, databases].map((part) => ({
      name: part.constructor.name,
      run: (world) => part.reconcile(world),
      failure: onlyChanges(log),
    }));
  }

  /** Follows the world until `stop`. */
  async follow(): Promise<void> {
    while (!this.stopped) {
      const started = Date.now();
      await this.round();
      await delay(Math.max(0, EVERY_MS - (Date.now() - started)));
    }
  }

  /** Stops everything that is part of the world: first what asks, then what answers. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.loadBalancers.close();
    await Promise.all([this.fleet.stop(), this.tasks.stop()]);
    await this.databases.stop();
  }

  private async round(): Promise<void> {
    let world: World;
    try {
      world = await this.client.read();
    } catch (error) {
      this.unreadable(`the world cannot be read: ${messageOf(error)}`);
      return;
    }
    if (this.stopped) return;
    for (const { name, run, failure } of this.steps) {
      try {
        run(world);
      } catch (error) {
        failure(`${name}: ${messageOf(error)}`);
      }
    }
    void this.reporter.report(world);
  }
}
