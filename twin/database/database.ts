import { createHash, randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { messageOf } from "../http-json.ts";
import type { Log } from "../log.ts";
import type { DbInstance } from "../world.ts";
import { freeAddress } from "./address.ts";
import type { MariadbServer } from "./mariadb-server.ts";
import { applicable, serverOptions, setStatements } from "./parameters.ts";
import {
  createStatements,
  followStatements,
  POSITION,
  PROMOTE,
  passwordStatement,
  type ReplicationSource,
  replicationStatements,
} from "./sql.ts";

const RECOVERY_MS = 3_000;
const MOST_CRASHES = 5;
const CRASHES_WITHIN_MS = 300_000;

/** What a database needs from the rest of the twin. */
export interface DatabaseOptions {
  /** Names it among all databases of all twins: its address is derived from this. */
  readonly identity: string;
  readonly folder: string;
  readonly server: MariadbServer;
  /** The primary of a replica, once it can be followed. */
  readonly source: (id: string) => Promise<ReplicationSource | undefined>;
  readonly log: Log;
}

/** One RDS instance made real: brings its server to where the API wants it, one step at a time. */
export class Database {
  /** In RDS's words. */
  status = "creating";
  address = "";
  private spec: DbInstance;
  private readonly options: DatabaseOptions;
  /** What the running server was started or last changed with. */
  private current: DbInstance | undefined;
  /** What the API gave the master user last; who changes it by SQL keeps what they changed, as on RDS. */
  private password: string | undefined;
  private removed = false;
  private replicationPassword: string | undefined;
  private crashes: number[] = [];
  /** When a server that ended by itself is started again, epoch ms. */
  private notBefore = 0;
  private working: Promise<void> | undefined;
  private changed = false;

  constructor(spec: DbInstance, options: DatabaseOptions) {
    this.spec = spec;
    this.options = options;
  }

  get port(): number {
    return this.spec.port;
  }

  /** Takes over what the API says now and goes there, in the background. */
  update(spec: DbInstance): void {
    this.spec = spec;
    void this.converge();
  }

  /** Lets one more replica follow; undefined while there is nothing to follow. */
  async openToReplica(): Promise<ReplicationSource | undefined> {
    if (this.status !== "available") return undefined;
    this.replicationPassword ??= randomBytes(16).toString("hex");
    await this.options.server.execute(replicationStatements(this.replicationPassword));
    const position = await this.options.server.execute(POSITION);
    return { address: this.address, port: this.spec.port, password: this.replicationPassword, position };
  }

  /** Stops the server and deletes its folder. */
  async remove(): Promise<void> {
    this.removed = true;
    await this.converge();
    rmSync(this.options.folder, { recursive: true, force: true });
  }

  private converge(): Promise<void> {
    this.changed = true;
    this.working ??= this.work().finally(() => {
      this.working = undefined;
    });
    return this.working;
  }

  private async work(): Promise<void> {
    while (this.changed) {
      this.changed = false;
      try {
        await this.step(this.spec);
      } catch (error) {
        this.status = "failed";
        this.say(messageOf(error));
        await this.options.server.stop();
      }
    }
  }

  private async step(spec: DbInstance): Promise<void> {
    const { server } = this.options;
    if (this.removed || spec.desired === "stopped") {
      if (server.running) {
        this.status = this.removed ? "deleting" : "stopping";
        await this.halt();
      }
      this.status = this.removed ? "deleting" : "stopped";
      return;
    }
    if (this.status === "failed") return;
    if (!server.running) this.current = undefined;
    if (this.current === undefined) {
      if (Date.now() < this.notBefore) return;
      if (this.status === "stopped") this.status = "starting";
      if (!(await this.launch(spec))) return;
    } else if (spec.restarts !== this.current.restarts || spec.port !== this.current.port) {
      this.status = "rebooting";
      await this.halt();
      if (!(await this.launch(spec))) return;
    } else {
      const current = this.current;
      await this.modify(current, spec).catch((error) => this.say(`not modified: ${messageOf(error)}`));
    }
    this.current = spec;
    this.status = "available";
  }

  /** False while a replica has nobody to follow: the next look at the world tries again. */
  private async launch(spec: DbInstance): Promise<boolean> {
    const { server, identity } = this.options;
    if (!/^(mysql|mariadb)$/.test(spec.engine))
      throw new Error(`the twin has no ${spec.engine}, only mysql and mariadb`);
    const source = spec.sourceId === null ? undefined : await this.options.source(spec.sourceId);
    if (spec.sourceId !== null && source === undefined) return false;
    const fresh = await server.install();
    this.address = await freeAddress(identity, spec.port);
    const parameters = applicable(spec.parameters);
    if (parameters.ignored.length > 0) this.say(`parameters not applied: ${parameters.ignored.join(", ")}`);
    const serverId = `--server-id=${serverIdOf(identity)}`;
    const role = source === undefined ? [serverId] : [serverId, "--read-only=1"];
    await server.start(this.address, spec.port, [...role, ...serverOptions(parameters)], () => this.ended());
    if (source !== undefined) await server.execute(followStatements(source));
    else if (fresh) await server.execute(createStatements(spec));
    // Stopped, it may have been given another password.
    else if (spec.masterPassword !== this.password) await server.execute(passwordStatement(spec));
    this.password = spec.masterPassword;
    this.current = spec;
    const what = source === undefined ? "MariaDB" : `a MariaDB replica of ${spec.sourceId}`;
    this.say(`${spec.engine} is ${what} on ${this.address}:${spec.port}`);
    return true;
  }

  private async modify(current: DbInstance, spec: DbInstance): Promise<void> {
    const { server } = this.options;
    if (spec.sourceId === null && current.sourceId !== null) {
      await server.execute(PROMOTE);
      this.say(`promoted, no replica of ${current.sourceId} any more`);
    }
    // A replica gets it from its source.
    if (spec.sourceId === null && spec.masterPassword !== current.masterPassword) {
      await server.execute(passwordStatement(spec));
      this.say("password changed");
    }
    this.password = spec.masterPassword;
    if (JSON.stringify(spec.parameters) !== JSON.stringify(current.parameters)) {
      const statements = setStatements(applicable(spec.parameters));
      if (statements !== "") await server.execute(statements);
      this.say("parameters changed");
    }
  }

  private async halt(): Promise<void> {
    this.current = undefined;
    await this.options.server.stop();
    this.say("stopped");
  }

  /** The server has ended. If nobody asked for it, RDS brings it back, and so does the twin. */
  private ended(): void {
    if (this.current === undefined) return;
    this.current = undefined;
    this.status = "rebooting";
    const now = Date.now();
    this.crashes = [...this.crashes.filter((time) => now - time < CRASHES_WITHIN_MS), now];
    if (this.crashes.length > MOST_CRASHES) {
      this.status = "failed";
      this.say(`the server ended ${this.crashes.length} times within five minutes, it is left so`);
      return;
    }
    this.say(`the server ended by itself, it is started again in ${RECOVERY_MS / 1_000} s`);
    this.notBefore = now + RECOVERY_MS;
  }

  private say(line: string): void {
    this.options.log(`${this.spec.id}: ${line}`);
  }
}

/** Servers of one replication are told apart by a number. */
function serverIdOf(identity: string): number {
  return createHash("sha256").update(identity).digest().readUInt32BE() || 1;
}
