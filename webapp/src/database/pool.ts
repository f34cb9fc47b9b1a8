import { setTimeout as sleep } from "node:timers/promises";
import type { MysqlPool, MysqlPoolConnection } from "kysely";
import type { PoolConnection, PoolOptions } from "mysql2";
import { Generation } from "./generation.ts";
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
    const timer = setTimeout(() => give(new Error("no connection in time"), undefined), ACQUIRE_TIMEOUT);
    let given = false;
    const use = this.#use;
    use.waiting++;

    function give(error: unknown, taken: Taken | undefined, timeout?: number) {
      if (given) return taken?.release();
      given = true;
      use.waiting--;
      clearTimeout(timer);
      if (taken) callback(null, limited(counted(taken, use), timeout));
      else callback(new DatabaseUnavailable(error), none);
    }

    this.#acquire(() => !given).then(
      (taken) => give(undefined, taken, this.#options.queryTimeout),
      (error) => give(error, undefined),
    );
  }

  end(callback: (error: unknown) => void): void {
    if (this.#current) this.#current.pool.end(callback);
    else callback(null);
  }

  async #acquire(isAwaited: () => boolean): Promise<Taken> {
    const { secret } = this.#options;
    let credentials = await secret.get();
    for (;;) {
      const generation = this.#generationOf(credentials);
      try {
        const connection = await generation.take();
        return { connection, release: () => generation.giveBack(connection) };
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
    this.#current = new Generation(credentials, this.#options.connection);
    return this.#current;
  }
}

interface Taken {
  readonly connection: PoolConnection;
  readonly release: () => void;
}

function isAccessDenied(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ER_ACCESS_DENIED_ERROR";
}

/** The connection, counted as taken until it is given back. */
function counted({ connection, release }: Taken, use: PoolUse): Taken {
  use.taken++;
  return {
    connection,
    release: () => {
      use.taken--;
      release();
    },
  };
}

/** The connection with a limit on each query. One that ran over it still waits for its answer: it is closed. */
function limited({ connection, release }: Taken, timeout: number | undefined): MysqlPoolConnection {
  return {
    config: connection.config,
    threadId: connection.threadId ?? 0,
    connect: (callback) => callback?.(null),
    destroy: () => connection.destroy(),
    release,
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
