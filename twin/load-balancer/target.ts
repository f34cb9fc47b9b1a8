import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import type { HealthCheck, TargetHealth } from "../world.ts";
import { afterProbe, type Health, INITIAL } from "./health.ts";
import { type Address, probe } from "./probe.ts";

/** Finds where a registered target (an instance id or address, and a port) really listens, if it does. */
export type Resolve = (id: string, port: number) => Address | undefined;

/** One registered target: its health, its connections and the requests in flight to it. */
export class Target {
  readonly id: string;
  readonly port: number;
  readonly secure: boolean;
  readonly agent: HttpAgent;
  private readonly resolve: Resolve;
  private health: Health = INITIAL;
  private timer: NodeJS.Timeout | undefined;
  private drainingUntil: number | undefined;
  /** How to break off each request in flight. */
  private readonly inFlight = new Set<() => void>();

  constructor(id: string, port: number, secure: boolean, resolve: Resolve) {
    this.id = id;
    this.port = port;
    this.secure = secure;
    this.resolve = resolve;
    const options = { keepAlive: true, maxFreeSockets: 64 };
    this.agent = secure ? new HttpsAgent({ ...options, rejectUnauthorized: false }) : new HttpAgent(options);
  }

  get healthy(): boolean {
    return this.health.state === "healthy";
  }
  get unhealthy(): boolean {
    return this.health.state === "unhealthy";
  }
  get draining(): boolean {
    return this.drainingUntil !== undefined;
  }
  /** Draining is over: nothing is in flight any more, or the deregistration delay has passed. */
  get drained(): boolean {
    return this.drainingUntil !== undefined && (this.inFlight.size === 0 || Date.now() >= this.drainingUntil);
  }

  /** Where it listens now; undefined while nothing does. */
  address(): Address | undefined {
    return this.resolve(this.id, this.port);
  }

  /** Counts a request in; `abort` breaks it off when draining ends. Returns what counts it out. */
  begin(abort: () => void): () => void {
    this.inFlight.add(abort);
    return () => this.inFlight.delete(abort);
  }

  /** Probes now and then every interval; `check` is asked each time, so that a modified one holds from the next probe on. */
  startChecks(check: () => HealthCheck): void {
    const round = async () => {
      const current = check();
      const started = Date.now();
      if (current.enabled) {
        const port = Number(current.port);
        const address = Number.isNaN(port) ? this.address() : this.resolve(this.id, port);
        this.health = afterProbe(this.health, await probe(address, current), current);
      }
      if (this.draining) return;
      this.timer = setTimeout(round, Math.max(0, current.intervalSeconds * 1_000 - (Date.now() - started)));
    };
    void round();
  }

  /** No new requests from here on; those in flight may take `delaySeconds` at most. */
  drain(delaySeconds: number): void {
    this.drainingUntil ??= Date.now() + delaySeconds * 1_000;
    clearTimeout(this.timer);
  }

  /** Breaks off what is still in flight and closes the idle connections. */
  close(): void {
    this.drain(0);
    for (const abort of this.inFlight) abort();
    this.agent.destroy();
  }

  /** Its health in AWS's words. */
  report(): TargetHealth {
    const { id, port } = this;
    if (this.draining) {
      return {
        id,
        port,
        state: "draining",
        reason: "Target.DeregistrationInProgress",
        description: "Target deregistration is in progress",
      };
    }
    const { state, reason, description } = this.health;
    return reason === undefined || description === undefined
      ? { id, port, state }
      : { id, port, state, reason, description };
  }
}
