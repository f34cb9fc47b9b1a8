import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import { join } from "node:path";
import { createPool, type Pool, type QueryResult } from "mysql2/promise";
import { fetchCredentials } from "./secret.ts";

/** What the environment says of the database; nothing of it is secret. */
export interface DatabaseSettings {
  readonly host: string;
  readonly port: number;
  readonly name: string;
  readonly secretArn: string;
  readonly region: string;
  /** PEM file of the authorities that may vouch for it; default: those of RDS, which a release carries. */
  readonly caFile?: string | undefined;
}

/** The database, by TLS, with a password that may change at any time. */
export class Database {
  readonly #settings: DatabaseSettings;
  readonly #ca: string;
  #opened: Promise<Pool> | undefined;

  constructor(settings: DatabaseSettings) {
    this.#settings = settings;
    this.#ca = readFileSync(settings.caFile ?? join(import.meta.dirname, "../rds-ca.pem"), "utf8");
  }

  /** Runs one statement. When the database refuses the password, it is fetched anew, once. */
  async query<T extends QueryResult>(sql: string, values: readonly (string | number)[] = []): Promise<T> {
    const opened = this.#open();
    try {
      return await run<T>(await opened, sql, values);
    } catch (error) {
      if ((error as { code?: string }).code !== "ER_ACCESS_DENIED_ERROR") throw error;
      // Of those who were refused together, the first fetches for all.
      if (this.#opened === opened) this.#forget();
      return run<T>(await this.#open(), sql, values);
    }
  }

  /** Makes what the app needs. It may run again, beside others, and leaves what an earlier release uses. */
  async migrate(): Promise<void> {
    await this.query(
      `create table if not exists notes (
        id bigint unsigned not null auto_increment primary key,
        text varchar(1000) not null,
        written_at datetime(3) not null default current_timestamp(3)
      ) engine = InnoDB default character set utf8mb4`,
    );
  }

  async close(): Promise<void> {
    await (await this.#opened)?.end();
  }

  #open(): Promise<Pool> {
    if (this.#opened === undefined) {
      const opening = this.#connect();
      this.#opened = opening;
      // A fetch that failed is not kept: the next statement tries again.
      opening.catch(() => {
        if (this.#opened === opening) this.#opened = undefined;
      });
    }
    return this.#opened;
  }

  async #connect(): Promise<Pool> {
    const { host, port, name, secretArn, region } = this.#settings;
    const { username, password } = await fetchCredentials(secretArn, region);
    return createPool({
      host,
      port,
      database: name,
      user: username,
      password,
      connectionLimit: 5,
      connectTimeout: 3000,
      // The name in the certificate is RDS's own. The twin has an address, which mysql2 cannot compare.
      ssl: { ca: this.#ca, minVersion: "TLSv1.2", verifyIdentity: isIP(host) === 0 },
    });
  }

  #forget(): void {
    const former = this.#opened;
    this.#opened = undefined;
    // Statements in progress end first.
    former?.then((pool) => pool.end()).catch(() => {});
  }
}

/** A statement may be silent for five seconds. */
async function run<T extends QueryResult>(
  pool: Pool,
  sql: string,
  values: readonly (string | number)[],
): Promise<T> {
  const [result] = await pool.query<T>({ sql, timeout: 5000 }, [...values]);
  return result;
}
