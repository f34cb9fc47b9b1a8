import { createPool, type Pool, type PoolConnection, type PoolOptions } from "mysql2";
import type { Credentials } from "./secret.ts";

/**
 * A connection that nobody used may have been cut without this process knowing it yet: idle for longer than this, in
 * milliseconds, it is asked before it is given out.
 */
const TRUSTED = 500;
const ASK_TIMEOUT = 1000;

/** The connections of one password. Once there is another, they end as soon as nobody uses or awaits one. */
export class Generation {
  readonly credentials: Credentials;
  readonly pool: Pool;
  readonly #idleSince = new WeakMap<PoolConnection, number>();
  #users = 0;
  #retired = false;

  constructor(credentials: Credentials, connection: PoolOptions) {
    const { username: user, password } = credentials;
    this.credentials = credentials;
    this.pool = createPool({ ...connection, user, password });
  }

  /** A connection, to be given back with `giveBack`. */
  async take(): Promise<PoolConnection> {
    this.#users++;
    try {
      for (;;) {
        const connection = await this.#next();
        if (this.#isTrusted(connection) || (await answers(connection))) return connection;
        connection.destroy();
      }
    } catch (error) {
      this.#leave();
      throw error;
    }
  }

  giveBack(connection: PoolConnection): void {
    this.#idleSince.set(connection, performance.now());
    connection.release();
    this.#leave();
  }

  /** Ends the connections, the last ones when they are given back. */
  retire(): void {
    this.#retired = true;
    this.#endIfUnused();
  }

  #next(): Promise<PoolConnection> {
    return new Promise((resolve, reject) => {
      this.pool.getConnection((error, connection) => (error ? reject(error) : resolve(connection)));
    });
  }

  #isTrusted(connection: PoolConnection): boolean {
    const since = this.#idleSince.get(connection);
    return since === undefined || performance.now() - since < TRUSTED;
  }

  #leave(): void {
    this.#users--;
    this.#endIfUnused();
  }

  #endIfUnused(): void {
    if (this.#retired && this.#users === 0) this.pool.end(() => {});
  }
}

function answers(connection: PoolConnection): Promise<boolean> {
  return new Promise((resolve) => {
    connection.query({ sql: "select 1", timeout: ASK_TIMEOUT }, (error) => resolve(error === null));
  });
}
