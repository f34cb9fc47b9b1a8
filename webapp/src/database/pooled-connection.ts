import type { MysqlPoolConnection } from "kysely";
import type { PoolConnection } from "mysql2";

type Query = MysqlPoolConnection["query"];
type Answer = NonNullable<Parameters<Query>[2]>;

/** What a connection is told when it is lent for the first time. */
export interface Lending {
  /** Longest time for a query, in milliseconds; undefined: no limit. */
  readonly queryTimeout: number | undefined;
  /** Called when it is given back. */
  readonly giveBack: (connection: PooledConnection) => void;
}

/**
 * A connection of mysql2 as Kysely wants it: with a limit for each query, and statements that the database prepares once
 * for each connection. It is the same object each time it is lent, since Kysely keeps what it knows of a connection by it.
 */
export class PooledConnection implements MysqlPoolConnection {
  readonly connection: PoolConnection;
  /** When it was last given back, by `performance.now()`; undefined: it is new. */
  idleSince: number | undefined;
  readonly #lending: Lending;

  constructor(connection: PoolConnection, lending: Lending) {
    this.connection = connection;
    this.#lending = lending;
  }

  get config(): PoolConnection["config"] {
    return this.connection.config;
  }

  get threadId(): number {
    return this.connection.threadId ?? 0;
  }

  connect(callback?: (error: unknown) => void): void {
    callback?.(null);
  }

  destroy(): void {
    this.connection.destroy();
  }

  release(): void {
    this.#lending.giveBack(this);
  }

  /** One that runs over its time still waits for its answer: the connection is closed. */
  query: Query = (sql: string, values: readonly unknown[], callback?: Answer) => {
    const { queryTimeout } = this.#lending;
    let timer: NodeJS.Timeout | undefined;
    let settled = false;
    const settle = (error: unknown, result?: unknown) => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      callback?.(error, result as Parameters<Answer>[1]);
    };
    const command =
      values.length > 0 || sql.startsWith("select ")
        ? this.connection.execute(sql, values as never, settle)
        : this.connection.query(sql, settle);
    if (queryTimeout !== undefined && !settled) {
      timer = setTimeout(() => {
        this.connection.destroy();
        const late = new Error(`no answer to a query within ${queryTimeout} ms`);
        settle(Object.assign(late, { code: "PROTOCOL_SEQUENCE_TIMEOUT" }));
      }, queryTimeout);
    }
    return command as never;
  };
}
