import { setTimeout as sleep } from "node:timers/promises";
import type { MysqlPool, MysqlPoolConnection } from "kysely";
import type { PoolOptions } from "mysql2";
import { Generation } from "./generation.ts";
import type { PooledConnection } from "./pooled-connection.ts";
import type { CachedSecret } from "./secret.ts";
import { DatabaseUnavailable } from "./unavailable.ts";

/** Longest wait for a connection, in milliseconds. */
const ACQUIRE_TIMEOUT = 5000;

/** Between two tries while a password is rotated, in milliseconds: the database may have the new one first. */
const ROTATION_PAUSE = 250;

/** How busy a pool is. */
export interface PoolUse {
  /** Connections that somebody works with. */
  taken: number;
  /** Who waits for one. */
  waiting: number;
}

/** How the pool reaches the database: all options of mysql2 but user and password. */
export interface RenewingPoolOptions {
  readonly connection: PoolOptions;
  readonly secret: CachedSecret;
  /** Longest silence during a query, in milliseconds; undefined: no limit. */
  readonly queryTimeout?: number;
  /** Kept up to date by the pool. */
  readonly use?: PoolUse;
}

/**
 * A pool for Kysely over mysql2 that fetches the secret anew, and opens new connections with it, when the database
 * refuses the password. Whoever waits or works with connections of the former password is not disturbed. Getting a
 * connection fails with DatabaseUnavailable, at the latest after five seconds.
 */
export class RenewingPool implements MysqlPool {
  readonly #options: RenewingPoolOptions;
  readonly #use: PoolUse;
  #current: Generation | undefined;

  constructor(options: RenewingPoolOptions) {
    this.#options = options;
    this.#use = options.use ?? { taken: 0, waiting: 0 };
  }

  getConnection(callback: (error: unknown, connection: MysqlPoolConnection) => void): void {
    const none = undefined as unknown as MysqlPoolConnection;
    // Made when it is needed: an error takes the time of looking through the stack.
    const timer = setTimeout(() => give(new Error("no connection in time")), ACQUIRE_TIMEOUT);
    let given = false;
    const use = this.#use;
    use.waiting++;

    function give(error: unknown, connection?: PooledConnection) {
      if (given) return connection?.release();
      given = true;
      use.waiting--;
      clearTimeout(timer);
      if (connection) callback(null, connection);
      else callback(new DatabaseUnavailable(error), none);
    }

    this.#acquire(() => !given).then((connection) => give(undefined, connection), give);
  }

  end(callback: (error: unknown) => void): void {
    if (this.#current) this.#current.pool.end(callback);
    else callback(null);
  }

  async #acquire(isAwaited: () => boolean): Promise<PooledConnection> {
    const { secret } = this.#options;
    let credentials = await secret.get();
    for (;;) {
      try {
        return await this.#generationOf(credentials).take();
      } catch (error) {
        if (!isAccessDenied(error) || !isAwaited()) throw error;
        const renewed = await secret.renew(credentials);
        if (renewed === credentials) await sleep(ROTATION_PAUSE);
        credentials = renewed;
      }
    }
  }

  #generationOf(credentials: Generation["credentials"]): Generation {
    if (this.#current?.credentials === credentials) return this.#current;
    this.#current?.retire();
    const { connection, queryTimeout } = this.#options;
    this.#current = new Generation(credentials, { connection, queryTimeout, use: this.#use });
    return this.#current;
  }
}

function isAccessDenied(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ER_ACCESS_DENIED_ERROR";
}
