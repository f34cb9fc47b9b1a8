import type { DbInstance } from "../world.ts";

/** What RDS grants its master user on MySQL: all but what would reach the machine. */
const MASTER_PRIVILEGES = [
  "SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, RELOAD, PROCESS, REFERENCES, INDEX, ALTER, SHOW DATABASES",
  "CREATE TEMPORARY TABLES, LOCK TABLES, EXECUTE, CREATE VIEW, SHOW VIEW, CREATE ROUTINE, ALTER ROUTINE",
  "CREATE USER, EVENT, TRIGGER",
].join(", ");

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

/** Gives the master user its present password. */
export function passwordStatement({ masterUsername, masterPassword }: DbInstance): string {
  return `ALTER USER ${literal(masterUsername)}@'%' IDENTIFIED BY ${literal(masterPassword)};\n`;
}
