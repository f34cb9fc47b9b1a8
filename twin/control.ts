import { chmodSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { DatabaseStatus } from "./database/databases.ts";
import type { InstanceStatus } from "./fleet/fleet.ts";
import type { ListenerStatus } from "./load-balancer/load-balancers.ts";

/** What the daemon says of itself. */
export interface DaemonStatus {
  readonly phase: "starting" | "ready" | "stopping";
  readonly pid: number;
  readonly startedAt: string;
  /** The AWS API, e.g. `http://127.0.0.1:8000`. */
  readonly endpoint: string;
  readonly stateDir: string;
  readonly portBase: number;
  /** Process numbers and memory (resident, bytes) of the daemon and the AWS API. */
  readonly parts: Readonly<Record<string, { readonly pid: number; readonly residentBytes: number }>>;
  readonly instances: readonly (Omit<InstanceStatus, "target"> & { readonly health: string | undefined })[];
  readonly listeners: readonly ListenerStatus[];
  readonly databases: readonly DatabaseStatus[];
  /** What the start has done so far, line by line. */
  readonly progress: readonly string[];
}

/** The daemon's door: a Unix socket that only its owner can open. */
export class Control {
  private readonly path: string;
  private readonly server: Server;

  constructor(path: string, status: () => DaemonStatus, stop: () => void) {
    this.path = path;
    this.server = createServer((request, response) => {
      const route = `${request.method} ${request.url}`;
      if (route === "POST /stop") stop();
      const known = route === "GET /status" || route === "POST /stop";
      response.writeHead(known ? 200 : 404, { "Content-Type": "application/json" });
      response.end(known ? JSON.stringify(status()) : "{}");
    });
  }

  /** Takes the place of a dead daemon's socket: the caller holds the lock. */
  open(): Promise<void> {
    rmSync(this.path, { force: true });
    return new Promise((resolve, reject) => {
      this.server.once("error", reject);
      this.server.listen(this.path, () => {
        chmodSync(this.path, 0o600);
        resolve();
      });
    });
  }

  /** Closes the door: from here on the twin is not running. */
  close(): void {
    this.server.close();
    this.server.closeAllConnections();
    rmSync(this.path, { force: true });
  }
}
