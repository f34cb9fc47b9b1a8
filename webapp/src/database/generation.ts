import { createPool, type Pool, type PoolConnection, type PoolOptions } from "mysql2";
import type { Credentials } from "./secret.ts";

/** The connections of one password. Once there is another, they end as soon as nobody uses or awaits one. */
export class Generation {
  readonly credentials: Credentials;
  readonly pool: Pool;
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
      return await new Promise((resolve, reject) => {
        this.pool.getConnection((error, connection) => (error ? reject(error) : resolve(connection)));
      });
    } catch (error) {
      this.#leave();
      throw error;
    }
  }

  giveBack(connection: PoolConnection): void {
    connection.release();
    this.#leave();
  }

  /** Ends the connections, the last ones when they are given back. */
  retire(): void {
    this.#retired = true;
    this.#endIfUnused();
  }

  #leave(): void {
    this.#users--;
    this.#endIfUnused();
  }

  #endIfUnused(): void {
    if (this.#retired && this.#users === 0) this.pool.end(() => {});
  }
}
