import type { Kysely, Selectable } from "kysely";
import type { Tables } from "../database/tables.ts";
import { classify } from "../database/unavailable.ts";
import type { Entry, EntryRepository } from "./entry.ts";

/** Entries in the database. */
export function entryRepository(db: Kysely<Tables>): EntryRepository {
  const get = async (id: number) => {
    const row = await db.selectFrom("entries").selectAll().where("id", "=", id).executeTakeFirst();
    return row && toEntry(row);
  };

  return {
    list: ({ limit, before }) =>
      known(async () => {
        const newest = db
          .selectFrom("entries")
          .selectAll()
          .orderBy("id", "desc")
          .limit(limit + 1);
        const rows = await (before === undefined ? newest : newest.where("id", "<", before)).execute();
        const entries = rows.slice(0, limit).map(toEntry);
        return { entries, next: rows.length > limit ? (entries.at(-1)?.id ?? null) : null };
      }),

    get: (id) => known(() => get(id)),

    add: ({ text }) =>
      known(async () => {
        const row = { text, created_at: new Date(), updated_at: new Date() };
        const { insertId } = await db.insertInto("entries").values(row).executeTakeFirstOrThrow();
        return toEntry({ id: Number(insertId), ...row });
      }),

    change: (id, { text }) =>
      known(async () => {
        await db.updateTable("entries").set({ text, updated_at: new Date() }).where("id", "=", id).execute();
        return get(id);
      }),

    remove: (id) =>
      known(async () => {
        const { numDeletedRows } = await db.deleteFrom("entries").where("id", "=", id).executeTakeFirst();
        return numDeletedRows > 0n;
      }),
  };
}

async function known<T>(query: () => Promise<T>): Promise<T> {
  try {
    return await query();
  } catch (error) {
    throw classify(error);
  }
}

function toEntry({ id, text, created_at, updated_at }: Selectable<Tables["entries"]>): Entry {
  return { id, text, createdAt: created_at.toISOString(), updatedAt: updated_at.toISOString() };
}
