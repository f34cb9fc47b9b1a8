import { type Kysely, sql } from "kysely";
import { type Migration, Migrator } from "kysely/migration";
import type { Tables } from "./tables.ts";

/**
 * Brings the schema up to the newest of the given migrations. Kysely holds a lock of the database meanwhile, so
 * several instances may call it at once; the lock goes with its connection. Needs a handle with two connections and
 * without a query timeout: one connection waits for the lock and migrates.
 * @returns names of the migrations this call ran.
 * @throws Error of the first migration that failed.
 */
export async function migrate(db: Kysely<Tables>, migrations: Record<string, Migration>): Promise<string[]> {
  const provider = { getMigrations: async () => ({ ...(await newerMigrations(db)), ...migrations }) };
  const { error, results = [] } = await new Migrator({ db, provider }).migrateToLatest();
  if (error !== undefined) throw error;
  return results.filter(({ status }) => status === "Success").map(({ migrationName }) => migrationName);
}

/**
 * What a newer release has run here already, as empty steps: an earlier release that is put back must start on the
 * newer schema instead of calling it corrupt.
 */
async function newerMigrations(db: Kysely<Tables>): Promise<Record<string, Migration>> {
  const { rows } = await sql<{ name: string }>`select name from kysely_migration`.execute(db);
  return Object.fromEntries(rows.map(({ name }) => [name, { up: async () => {} }]));
}
