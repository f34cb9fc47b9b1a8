import type { DbInstance } from "../world.ts";

/** What RDS grants its master user on MySQL: all but what would reach the machine. */
const MASTER_PRIVILEGES = [
  "SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, RELOAD, PROCESS, REFERENCES, INDEX, ALTER, SHOW DATABASES",
  "CREATE TEMPORARY TABLES, LOCK TABLES, EXECUTE, CREATE VIEW, SHOW VIEW, CREATE ROUTINE, ALTER ROUTINE",
  "CREATE USER, EVENT, TRIGGER",
].join(", ");

/** A replica that takes longer is there all the same, and behind. */
const CATCH_UP_SECONDS = 30;

/** A string as an SQL literal. */
export function literal(text: string): string {
  const escapes: Readonly<Record<string, string>> = {
    "\\": "\\\\",
    "'": "\\'",
    "\n": "\\n",
    "\r": "\\r",
    "\0": "\\0",
  };
  return `'${text.replace(/[\\'\n\r\0]/g, (character) => escapes[character] ?? character)}'`;
}

/** A name as a quoted SQL identifier. */
export function identifier(name: string): string {
  return `\`${name.replaceAll("`", "``")}\``;
}

/** Makes the database and the master user of a new instance. */
export function createStatements({ dbName, masterUsername, masterPassword }: DbInstance): string {
  const user = `${literal(masterUsername)}@'%'`;
  return [
    ...(dbName === null || dbName === "" ? [] : [`CREATE DATABASE IF NOT EXISTS ${identifier(dbName)};`]),
    `CREATE USER IF NOT EXISTS ${user} IDENTIFIED BY ${literal(masterPassword)};`,
    `GRANT ${MASTER_PRIVILEGES} ON *.* TO ${user} WITH GRANT OPTION;`,
    "",
  ].join("\n");
}

/** Who replicas sign in as, with a password made for this run of the primary. */
export const REPLICATION_USER = "rdsrepladmin";

/** Lets replicas in, and nobody else: the password is new each time. */
export function replicationStatements(password: string): string {
  const user = `'${REPLICATION_USER}'@'%'`;
  return [
    `CREATE OR REPLACE USER ${user} IDENTIFIED BY ${literal(password)} REQUIRE SSL;`,
    `GRANT REPLICATION SLAVE ON *.* TO ${user};`,
    "",
  ].join("\n");
}

/** Where a replica reads from. */
export interface ReplicationSource {
  readonly address: string;
  readonly port: number;
  readonly password: string;
  /** The last change it has made. */
  readonly position: string;
}

/** Asks a primary for its last change. */
export const POSITION = "SELECT @@gtid_binlog_pos;\n";

/** Makes a server follow its source, from the first change on or from where it was, and waits until it has what its source had. */
export function followStatements({ address, port, password, position }: ReplicationSource): string {
  return [
    "STOP SLAVE;",
    `CHANGE MASTER TO MASTER_HOST=${literal(address)}, MASTER_PORT=${port}, MASTER_USER='${REPLICATION_USER}',`,
    `  MASTER_PASSWORD=${literal(password)}, MASTER_SSL=1, MASTER_USE_GTID=slave_pos, MASTER_CONNECT_RETRY=1;`,
    "START SLAVE;",
    `DO MASTER_GTID_WAIT(${literal(position)}, ${CATCH_UP_SECONDS});`,
    "",
  ].join("\n");
}

/** Makes a replica a database of its own. */
export const PROMOTE = "STOP SLAVE;\nRESET SLAVE ALL;\nSET GLOBAL read_only = 0;\n";

/** Gives the master user its present password. */
export function passwordStatement({ masterUsername, masterPassword }: DbInstance): string {
  return `ALTER USER ${literal(masterUsername)}@'%' IDENTIFIED BY ${literal(masterPassword)};\n`;
}
