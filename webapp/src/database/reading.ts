import type { Kysely } from "kysely";
import type { Tables } from "./tables.ts";
import { classify, DatabaseUnavailable } from "./unavailable.ts";

/** Runs a query; what will pass is a DatabaseUnavailable. */
export async function known<T>(query: () => Promise<T>): Promise<T> {
  try {
    return await query();
  } catch (error) {
    throw classify(error);
  }
}

/** Where a list may be read. */
export interface Sources {
  readonly db: Kysely<Tables>;
  /** Some seconds behind. Undefined: there is none. */
  readonly replica: Kysely<Tables> | undefined;
}

/** Reads from the replica; from the primary where there is none, where it does not answer, or for what is newest. */
export async function readList<T>(
  { db, replica }: Sources,
  newest: boolean,
  query: (from: Kysely<Tables>) => Promise<T>,
): Promise<T> {
  if (replica !== undefined && !newest) {
    try {
      return await known(() => query(replica));
    } catch (error) {
      if (!(error instanceof DatabaseUnavailable)) throw error;
    }
  }
  return known(() => query(db));
}
