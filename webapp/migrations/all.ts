import type { Migration } from "kysely/migration";
import { entries } from "./0001-entries.ts";
import { employees } from "./0002-employees.ts";

/**
 * Every migration by name, run in the order of their names. Add at the end, never change one that was deployed, and
 * keep the schema usable by the release before: it runs beside the new one, and comes back if that one fails.
 */
export const MIGRATIONS: Record<string, Migration> = {
  "0001-entries": entries,
  "0002-employees": employees,
};
