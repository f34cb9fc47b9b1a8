import type { MysqlPool, MysqlPoolConnection } from "kysely";
import { createPool, type Pool, type PoolConnection, type PoolOptions } from "mysql2";
import type { CachedSecret, Credentials } from "./secret.ts";
import { DatabaseUnavailable } from "./unavailable.ts";

/** Longest wait for a connection, in milliseconds. */
const ACQUIRE_TIMEOUT = 5000;

/** How the pool reaches the database: all options of mysql2 but user and password. */
export interface RenewingPoolOptions {
  readonly connection: PoolOptions;
  readonly secret: CachedSecret;
  /** Longest silence during a query, in milliseconds; undefined: no limit. */
  readonly queryTimeout?: number;
}

interface OpenPool {
  readonly credentials: Credentials;
  readonly pool: Pool;
}

/**
 * A pool for Kysely over mysql2 that fetches the secret anew, and opens new connections with it, when the database
 * refuses the password. Getting a connection fails with DatabaseUnavailable, at the latest after five seconds.
 */
export class RenewingPool implements MysqlPool {
  readonly #options: RenewingPoolOptions;
  #open: OpenPool | undefined;

  constructor(options: RenewingPoolOptions) {
    this.#options = options;
  }

  getConnection(callback: (error: unknown, connection: MysqlPoolConnection) => void): void {
    const none = undefined as unknown as MysqlPoolConnection;
    const timer = setTimeout(give, ACQUIRE_TIMEOUT, new Error("no connection in time"), undefined);
    let given = false;

    function give(error: unknown, connection: PoolConnection | undefined, timeout?: number) {
      if (given) return connection?.release();
      given = true;
      clearTimeout(timer);
      if (connection) callback(null, limited(connection, timeout));
      else callback(new DatabaseUnavailable(error), none);
    }

    this.#acquire().then(
      (connection) => give(undefined, connection, this.#options.queryTimeout),
      (error) => give(error, undefined),
    );
  }

  end(callback: (error: unknown) => void): void {
    if (this.#open) this.#open.pool.end(callback);
    else callback(null);
  }

  async #acquire(): Promise<PoolConnection> {
    const credentials = await this.#options.secret.get();
    try {
      return await take(this.#poolFor(credentials));
    } catch (error) {
      if (!isAccessDenied(error)) throw error;
      const renewed = await this.#options.secret.renew(credentials);
      if (renewed === credentials) throw error;
      return await take(this.#poolFor(renewed));
    }
  }

  #poolFor(credentials: Credentials): Pool {
    if (this.#open?.credentials === credentials) return this.#open.pool;
    // Connections in use with the former password end with their query; those waiting are told to come again.
    this.#open?.pool.end(() => {});
    const pool = createPool({
      ...this.#options.connection,
      user: credentials.username,
      password: credentials.password,
    });
    this.#open = { credentials, pool };
    return pool;
  }
}

function take(pool: Pool): Promise<PoolConnection> {
  return new Promise((resolve, reject) => {
    pool.getConnection((error, connection) => (error ? reject(error) : resolve(connection)));
  });
}

function isAccessDenied(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ER_ACCESS_DENIED_ERROR";
}

/** The connection with a limit on each query. One that ran over it still waits for its answer: it is closed. */
function limited(connection: PoolConnection, timeout: number | undefined): MysqlPoolConnection {
  return {
    config: connection.config,
    threadId: connection.threadId ?? 0,
    connect: (callback) => callback?.(null),
    destroy: () => connection.destroy(),
    release: () => connection.release(),
    query: (sql, values, callback) => {
      const query = connection.query(
        { sql, values, ...(timeout !== undefined && { timeout }) },
        (error, result) => {
          if (error?.code === "PROTOCOL_SEQUENCE_TIMEOUT") connection.destroy();
          callback?.(error, result as never);
        },
      );
      return query as never;
    },
  };
}
