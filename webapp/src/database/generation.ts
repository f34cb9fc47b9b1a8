import { createPool, type Pool, type PoolConnection, type PoolOptions } from "mysql2";
import { PooledConnection } from "./pooled-connection.ts";
import type { Credentials } from "./secret.ts";

/**
 * A connection that nobody used may have been cut without this process knowing it yet: idle for longer than this, in
 * milliseconds, it is asked before it is given out.
 */
const TRUSTED = 500;
const ASK_TIMEOUT = 1000;

/** What the connections of all generations have in common. */
export interface GenerationOptions {
  /** All options of mysql2 but user and password. */
  readonly connection: PoolOptions;
  /** Longest time for a query, in milliseconds; undefined: no limit. */
  readonly queryTimeout: number | undefined;
  /** Kept up to date about the connections that are lent. */
  readonly use: { taken: number };
}

/** The connections of one password. Once there is another, they end as soon as nobody uses or awaits one. */
export class Generation {
  readonly credentials: Credentials;
  readonly pool: Pool;
  readonly #options: GenerationOptions;
  readonly #lent = new WeakMap<PoolConnection, PooledConnection>();
  #users = 0;
  #retired = false;

  constructor(credentials: Credentials, options: GenerationOptions) {
    const { username: user, password } = credentials;
    this.credentials = credentials;
    this.#options = options;
    this.pool = createPool({ ...options.connection, user, password });
  }

  /** A connection, to be released. */
  async take(): Promise<PooledConnection> {
    this.#users++;
    try {
      for (;;) {
        const connection = await this.#next();
        if (isTrusted(connection) || (await answers(connection))) {
          this.#options.use.taken++;
          return connection;
        }
        connection.destroy();
      }
    } catch (error) {
      this.#leave();
      throw error;
    }
  }

  /** Ends the connections, the last ones when they are given back. */
  retire(): void {
    this.#retired = true;
    this.#endIfUnused();
  }

  #next(): Promise<PooledConnection> {
    return new Promise((resolve, reject) => {
      this.pool.getConnection((error, connection) =>
        error ? reject(error) : resolve(this.#pooled(connection)),
      );
    });
  }

  #pooled(connection: PoolConnection): PooledConnection {
    const known = this.#lent.get(connection);
    if (known) return known;
    const { queryTimeout } = this.#options;
    const pooled = new PooledConnection(connection, { queryTimeout, giveBack: () => this.#giveBack(pooled) });
    this.#lent.set(connection, pooled);
    return pooled;
  }

  #giveBack(pooled: PooledConnection): void {
    this.#options.use.taken--;
    pooled.idleSince = performance.now();
    pooled.connection.release();
    this.#leave();
  }

  #leave(): void {
    this.#users--;
    this.#endIfUnused();
  }

  #endIfUnused(): void {
    if (this.#retired && this.#users === 0) this.pool.end(() => {});
  }
}

function isTrusted({ idleSince }: PooledConnection): boolean {
  return idleSince === undefined || performance.now() - idleSince < TRUSTED;
}

function answers({ connection }: PooledConnection): Promise<boolean> {
  return new Promise((resolve) => {
    connection.query({ sql: "select 1", timeout: ASK_TIMEOUT }, (error) => resolve(error === null));
  });
}
