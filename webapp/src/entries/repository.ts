import { type Kysely, type Selectable, sql } from "kysely";
import { contains } from "../database/contains.ts";
import { known, readList } from "../database/reading.ts";
import type { Tables } from "../database/tables.ts";
import { Outdated } from "../errors.ts";
import { type Entry, type EntryRepository, type EntrySelection, type Expectation, pageOf } from "./entry.ts";

/**
 * Entries in the database.
 * @param replica where lists are read; while it does not answer, or without one, they come from the primary
 */
export function entryRepository(db: Kysely<Tables>, replica?: Kysely<Tables>): EntryRepository {
  const page = async (from: Kysely<Tables>, selection: EntrySelection) => {
    const { limit, before, after, search } = selection;
    const upwards = before === undefined && after !== undefined;
    const rows = await from
      .selectFrom("entries")
      .selectAll()
      .$if(before !== undefined, (query) => query.where("id", "<", before as number))
      .$if(upwards, (query) => query.where("id", ">", after as number))
      .$if(search !== undefined, (query) => query.where(contains("text", search as string)))
      .orderBy("id", upwards ? "asc" : "desc")
      // Not as a parameter: mysql2 sends numbers as floats, and MySQL takes no such limit.
      .limit(sql.lit(limit + 1))
      .execute();
    return pageOf(rows.map(toEntry), selection);
  };

  const find = (from: Kysely<Tables>, id: number) =>
    from.selectFrom("entries").selectAll().where("id", "=", id);

  /** The entry, kept from everybody else until the transaction ends. */
  const hold = async (transaction: Kysely<Tables>, id: number, isExpected: Expectation) => {
    const row = await find(transaction, id).forUpdate().executeTakeFirst();
    if (row && !isExpected(toEntry(row))) throw new Outdated(`Entry ${id} was changed meanwhile.`);
    return row;
  };

  return {
    list: ({ newest = false, ...options }) =>
      readList({ db, replica }, newest, (from) => page(from, options)),

    get: (id) =>
      known(async () => {
        const row = await find(db, id).executeTakeFirst();
        return row && toEntry(row);
      }),

    add: ({ text }) =>
      known(async () => {
        const row = { text, created_at: new Date(), updated_at: new Date() };
        const { insertId } = await db.insertInto("entries").values(row).executeTakeFirstOrThrow();
        return toEntry({ id: Number(insertId), ...row });
      }),

    change: (id, { text }, isExpected = () => true) =>
      known(() =>
        db.transaction().execute(async (transaction) => {
          const row = await hold(transaction, id, isExpected);
          if (row === undefined) return undefined;
          const changed = { text, updated_at: new Date() };
          await transaction.updateTable("entries").set(changed).where("id", "=", id).execute();
          return toEntry({ ...row, ...changed });
        }),
      ),

    remove: (id, isExpected = () => true) =>
      known(() =>
        db.transaction().execute(async (transaction) => {
          if ((await hold(transaction, id, isExpected)) === undefined) return false;
          await transaction.deleteFrom("entries").where("id", "=", id).execute();
          return true;
        }),
      ),
  };
}

function toEntry({ id, text, created_at, updated_at }: Selectable<Tables["entries"]>): Entry {
  const createdAt = created_at.toISOString();
  // Most are never changed, and writing a time down is what a list spends most of its own time on.
  const isUnchanged = created_at.getTime() === updated_at.getTime();
  return { id, text, createdAt, updatedAt: isUnchanged ? createdAt : updated_at.toISOString() };
}
