import { type Kysely, type Selectable, sql } from "kysely";
import { containing, contains } from "../database/contains.ts";
import { known, readList } from "../database/reading.ts";
import { type Statement, statement } from "../database/statement.ts";
import type { Tables } from "../database/tables.ts";
import { Outdated } from "../errors.ts";
import { type Entry, type EntryRepository, type EntrySelection, type Expectation, pageOf } from "./entry.ts";

type Row = Selectable<Tables["entries"]>;

/** Of the entry itself, or of the one that a list is next to. */
interface Id {
  readonly id: number;
}

/** Which entries a list begins with. */
type Side = "newest" | "older" | "newer";

/** Where a list begins and what is searched; each is used by the lists that have it. */
interface Selected extends Id {
  readonly pattern: string;
}

type List = Statement<Selected, Row>;

/**
 * Entries in the database.
 * @param replica where lists are read; while it does not answer, or without one, they come from the primary
 */
export function entryRepository(db: Kysely<Tables>, replica?: Kysely<Tables>): EntryRepository {
  const byId = statement(({ id }: Id) => db.selectFrom("entries").selectAll().where("id", "=", id));
  const insert = statement(({ text, created_at, updated_at }: Omit<Row, "id">) =>
    db.insertInto("entries").values({ text, created_at, updated_at }),
  );
  const lists = new Map<string, List>();

  /** One for each limit, side and whether there is a search: 600 at most. */
  const listOf = (limit: number, side: Side, isSearch: boolean): List => {
    const shape = `${limit} ${side} ${isSearch}`;
    const kept = lists.get(shape);
    if (kept) return kept;
    const made = statement(({ id, pattern }: Selected) =>
      db
        .selectFrom("entries")
        .selectAll()
        .$if(side === "older", (query) => query.where("id", "<", id))
        .$if(side === "newer", (query) => query.where("id", ">", id))
        .$if(isSearch, (query) => query.where(contains("text", pattern)))
        .orderBy("id", side === "newer" ? "asc" : "desc")
        // Not as a parameter: mysql2 sends numbers as floats, and MySQL takes no such limit.
        .limit(sql.lit(limit + 1)),
    );
    lists.set(shape, made);
    return made;
  };

  const page = async (from: Kysely<Tables>, selection: EntrySelection) => {
    const { limit, before, after, search } = selection;
    const side = before !== undefined ? "older" : after !== undefined ? "newer" : "newest";
    const list = listOf(limit, side, search !== undefined);
    const { rows } = await list(from, { id: before ?? after ?? 0, pattern: containing(search ?? "") });
    return pageOf(rows.map(toEntry), selection);
  };

  /** The entry, kept from everybody else until the transaction ends. */
  const hold = async (transaction: Kysely<Tables>, id: number, isExpected: Expectation) => {
    const row = await transaction
      .selectFrom("entries")
      .selectAll()
      .where("id", "=", id)
      .forUpdate()
      .executeTakeFirst();
    if (row && !isExpected(toEntry(row))) throw new Outdated(`Entry ${id} was changed meanwhile.`);
    return row;
  };

  return {
    list: ({ newest = false, ...options }) =>
      readList({ db, replica }, newest, (from) => page(from, options)),

    get: (id) =>
      known(async () => {
        const [row] = (await byId(db, { id })).rows;
        return row && toEntry(row);
      }),

    add: ({ text }) =>
      known(async () => {
        const row = { text, created_at: new Date(), updated_at: new Date() };
        const { insertId } = await insert(db, row);
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

function toEntry({ id, text, created_at, updated_at }: Row): Entry {
  const createdAt = created_at.toISOString();
  // Most are never changed, and writing a time down is what a list spends most of its own time on.
  const isUnchanged = created_at.getTime() === updated_at.getTime();
  return { id, text, createdAt, updatedAt: isUnchanged ? createdAt : updated_at.toISOString() };
}
