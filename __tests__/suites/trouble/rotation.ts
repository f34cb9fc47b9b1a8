import { randomBytes } from "node:crypto";
import {
  DescribeDBInstancesCommand,
  ModifyDBInstanceCommand,
  ModifyDBParameterGroupCommand,
} from "@aws-sdk/client-rds";
import type { Connection } from "mysql2/promise";
import type { Cloud, Credentials } from "../twin/cloud.ts";
import { until } from "../twin/until.ts";

const LIMIT_MS = 30_000;

/** More requests at once than the app has connections to the database. */
const BURST = 40;
/** Milliseconds between two of them: longer than the database keeps a connection that nobody uses. */
const PAUSE = 1500;

/** The server's count of passwords that did not open it. */
const REFUSALS = "ACCESS_DENIED_ERRORS";

/** How one rotation is done. */
export interface Rotation {
  /** By SQL as rotation functions do it, or by RDS's ModifyDBInstance. */
  readonly bySql: boolean;
  /** Whether the secret has the new password before the database. */
  readonly secretFirst: boolean;
}

/** Where a password is rotated. */
export interface Scene {
  readonly cloud: Cloud;
  /** Who vouches for the database. */
  readonly ca: string;
  readonly url: string;
}

/** Makes the database cut connections that nobody has used for a second. It holds for those opened afterwards. */
export async function cutIdleConnections({ rds, databaseId }: Cloud): Promise<void> {
  const { DBInstances } = await rds.send(
    new DescribeDBInstancesCommand({ DBInstanceIdentifier: databaseId }),
  );
  await rds.send(
    new ModifyDBParameterGroupCommand({
      DBParameterGroupName: DBInstances?.[0]?.DBParameterGroups?.[0]?.DBParameterGroupName,
      Parameters: [{ ParameterName: "wait_timeout", ParameterValue: "1", ApplyMethod: "immediate" }],
    }),
  );
}

/** How many connections the database has cut. */
export async function cutConnections({ cloud, ca }: Scene): Promise<number> {
  const connection = await cloud.connect(ca);
  try {
    return await status(connection, "ABORTED_CLIENTS");
  } finally {
    connection.destroy();
  }
}

/**
 * Gives the database another password, and waits until the app has no connection of the former one. Open connections
 * outlive a changed password, so as many requests come at once, again and again, as need new ones.
 *
 * @returns the status of each of those requests
 */
export async function rotate({ cloud, ca, url }: Scene, { bySql, secretFirst }: Rotation): Promise<number[]> {
  const { username } = await cloud.credentials();
  const renewed = { username, password: randomBytes(16).toString("hex") };
  const connection = await cloud.connect(ca);
  await connection.query("set session wait_timeout = 600");
  const answers: Promise<number>[] = [];
  let last = 0;
  const provoke = () => {
    if (Date.now() - last < PAUSE) return;
    last = Date.now();
    answers.push(...burst(url));
  };
  try {
    if (secretFirst) await cloud.putCredentials(renewed);
    if (bySql) await connection.query("alter user ?@'%' identified by ?", [username, renewed.password]);
    else await modify(cloud, renewed);
    const first = await until("the new password opens", () => open(cloud, ca, renewed), Boolean, LIMIT_MS);
    if (!secretFirst) {
      const before = await status(connection, REFUSALS);
      const refusals = () => {
        provoke();
        return status(connection, REFUSALS);
      };
      await until("the app was refused", refusals, (now) => now > before, LIMIT_MS);
      await cloud.putCredentials(renewed);
    }
    const oldest = () => {
      provoke();
      return oldestOfOthers(connection);
    };
    await until("the app has new connections alone", oldest, (id) => id > first.answer, LIMIT_MS);
    return await Promise.all(answers);
  } finally {
    connection.destroy();
  }
}

async function modify({ rds, databaseId }: Cloud, { password }: Credentials): Promise<void> {
  await rds.send(
    new ModifyDBInstanceCommand({
      DBInstanceIdentifier: databaseId,
      MasterUserPassword: password,
      ApplyImmediately: true,
    }),
  );
}

/** Opens a connection and ends it. @returns its number: later ones have a higher one */
async function open(cloud: Cloud, ca: string, credentials: Credentials): Promise<number> {
  const connection = await cloud.connect(ca, credentials);
  const id = await number(connection, "select connection_id() as n");
  await connection.end();
  return id;
}

function status(connection: Connection, name: string): Promise<number> {
  return number(
    connection,
    `select variable_value as n from information_schema.global_status where variable_name = '${name}'`,
  );
}

function oldestOfOthers(connection: Connection): Promise<number> {
  const others = "user = substring_index(current_user(), '@', 1) and id <> connection_id()";
  return number(
    connection,
    `select coalesce(min(id), 0) as n from information_schema.processlist where ${others}`,
  );
}

async function number(connection: Connection, sql: string): Promise<number> {
  const [rows] = await connection.query(sql);
  return Number((rows as { n: unknown }[])[0]?.n);
}

function burst(url: string): Promise<number>[] {
  return Array.from({ length: BURST }, async () => {
    const response = await fetch(`${url}/api/entries?limit=5`);
    await response.body?.cancel();
    return response.status;
  });
}
