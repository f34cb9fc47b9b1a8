import type { Certificates } from "../certificates.ts";
import { type Log, onlyChanges } from "../log.ts";
import type { Processes } from "../processes.ts";
import type { StateFolder } from "../state-folder.ts";
import type { DbInstance, World } from "../world.ts";
import { Database } from "./database.ts";
import { MariadbServer } from "./mariadb-server.ts";

/** What the databases need from the rest of the twin. */
export interface DatabasesOptions {
  readonly state: StateFolder;
  readonly processes: Processes;
  readonly certificates: Certificates;
  readonly log: Log;
}

/** A database as the status shows it. */
export interface DatabaseStatus {
  readonly id: string;
  readonly address: string;
  readonly port: number;
  readonly status: string;
}

/** All RDS instances of the world as MariaDB servers. */
export class Databases {
  private readonly options: DatabasesOptions;
  private readonly databases = new Map<string, { id: string; database: Database }>();
  private readonly leaving = new Set<string>();

  constructor(options: DatabasesOptions) {
    this.options = options;
  }

  /** Brings each database to where the world wants it. Slow work goes on by itself. */
  reconcile(world: World): void {
    const wanted = new Map(world.dbInstances.map((spec) => [keyOf(spec), spec]));
    for (const [key, { id, database }] of this.databases) {
      if (wanted.has(key) || this.leaving.has(key)) continue;
      this.leaving.add(key);
      void database.remove().then(() => {
        this.databases.delete(key);
        this.leaving.delete(key);
        this.options.log(`${id}: deleted`);
      });
    }
    for (const [key, spec] of wanted) {
      if (this.leaving.has(key)) continue;
      const known = this.databases.get(key)?.database ?? this.add(key, spec);
      known.update(spec);
    }
  }

  /** What the API does not say yet of these databases, in its words. */
  reports(world: World): (DatabaseStatus & { account: string; region: string })[] {
    return world.dbInstances.flatMap((spec) => {
      const database = this.databases.get(keyOf(spec))?.database;
      if (database === undefined || database.status === spec.status) return [];
      const { account, region, id } = spec;
      const { address, port, status } = database;
      return [{ account, region, id, address, port, status }];
    });
  }

  /** What runs now. */
  status(): DatabaseStatus[] {
    return [...this.databases.values()].map(({ id, database: { address, port, status } }) => ({
      id,
      address,
      port,
      status,
    }));
  }

  /** Shuts every server down and deletes its data. */
  async stop(): Promise<void> {
    await Promise.all([...this.databases.values()].map(({ database }) => database.remove()));
  }

  private add(key: string, spec: DbInstance): Database {
    const { state, processes, certificates, log } = this.options;
    if (!/^[\w-]+$/.test(spec.id)) throw new Error(`a database cannot be called ${JSON.stringify(spec.id)}`);
    const folder = state.path("databases", key);
    const server = new MariadbServer({
      name: spec.id,
      folder,
      socket: state.socket(`databases/${key}/socket`),
      logFile: state.log(spec.id),
      processes,
      certificates,
    });
    const identity = `${state.root}/${key}`;
    const source = async (id: string) => {
      const name = id.split(":").at(-1) ?? id;
      return this.databases.get(keyOf({ ...spec, id: name }))?.database.openToReplica();
    };
    const database = new Database(spec, { identity, folder, server, source, log: onlyChanges(log) });
    this.databases.set(key, { id: spec.id, database });
    return database;
  }
}

function keyOf({ account, region, id }: DbInstance): string {
  return `${account}/${region}/${id}`;
}
