import { readFileSync } from "node:fs";
import { connect, isIP } from "node:net";
import { Kysely, MysqlDialect } from "kysely";
import type { PoolOptions } from "mysql2";
import type { DatabaseAddress } from "../config.ts";
import { ConfigurationError } from "../config.ts";
import { type PoolUse, RenewingPool } from "./pool.ts";
import type { CachedSecret } from "./secret.ts";
import type { Tables } from "./tables.ts";

const CONNECT_TIMEOUT = 3000;
const KEEP_ALIVE_DELAY = 10_000;

/**
 * Statements that one connection keeps prepared; the oldest makes room. Lists have one for each length, and the server has
 * room for 16,382 of all its clients.
 */
const PREPARED_STATEMENTS = 100;

/** Size and patience of a pool. */
export interface PoolLimits {
  /** Connections at most. */
  readonly connections: number;
  /** Longest silence during a query, in milliseconds; undefined: no limit. */
  readonly queryTimeout?: number;
  /** Kept up to date by the pool. */
  readonly use?: PoolUse;
}

/**
 * Makes a lazily connected database handle: verified TLS (1.2 or newer), UTF-8, times in UTC. Nothing is opened
 * before the first query.
 * @throws ConfigurationError if the file of certificate authorities cannot be read.
 */
export function connectDatabase(
  address: Omit<DatabaseAddress, "replicaHost">,
  secret: CachedSecret,
  { connections, queryTimeout, use }: PoolLimits,
): Kysely<Tables> {
  const connection: PoolOptions = {
    host: address.host,
    port: address.port,
    database: address.name,
    charset: "UTF8MB4_UNICODE_CI",
    timezone: "Z",
    connectionLimit: connections,
    maxIdle: Math.min(2, connections),
    idleTimeout: 60_000,
    queueLimit: 500,
    connectTimeout: CONNECT_TIMEOUT,
    maxPreparedStatements: PREPARED_STATEMENTS,
    enableKeepAlive: true,
    keepAliveInitialDelay: KEEP_ALIVE_DELAY,
    ssl: { ca: readAuthorities(address.caFile), minVersion: "TLSv1.2", verifyIdentity: true },
    ...(isIP(address.host) !== 0 && { stream: () => streamToAddress(address) }),
  };
  const pool = new RenewingPool({
    connection,
    secret,
    ...(queryTimeout !== undefined && { queryTimeout }),
    ...(use && { use }),
  });
  return new Kysely<Tables>({ dialect: new MysqlDialect({ pool }) });
}

/**
 * A stream to a host given as an IP address. TLS has no server name for an address, and Node then compares the
 * certificate with the socket's `_host`, which only a name lookup sets; without it, with "localhost". If Node ever
 * drops the field, the comparison fails closed.
 */
function streamToAddress({ host, port }: Pick<DatabaseAddress, "host" | "port">) {
  const socket = connect({
    host,
    port,
    keepAlive: true,
    keepAliveInitialDelay: KEEP_ALIVE_DELAY,
    noDelay: true,
  });
  return Object.assign(socket, { _host: host });
}

function readAuthorities(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    throw new ConfigurationError(`environment: DB_CA_FILE: cannot read ${file} (${code}); name a PEM file`);
  }
}
