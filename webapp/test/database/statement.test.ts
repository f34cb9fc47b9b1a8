import { expect, test } from "@jest/globals";
import { DummyDriver, Kysely, MysqlAdapter, MysqlIntrospector, MysqlQueryCompiler, sql } from "kysely";
import { statement } from "../../src/database/statement.ts";
import type { Tables } from "../../src/database/tables.ts";

/** A database that takes every statement, and tells which. */
function listening() {
  const heard: (readonly [sql: string, parameters: readonly unknown[]])[] = [];
  const db = new Kysely<Tables>({
    dialect: {
      createAdapter: () => new MysqlAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (of) => new MysqlIntrospector(of),
      createQueryCompiler: () => new MysqlQueryCompiler(),
    },
    log: ({ query }) => {
      heard.push([query.sql, query.parameters]);
    },
  });
  return { db, heard };
}

test("a statement is built once, and runs with the values of each call", async () => {
  const { db, heard } = listening();
  let built = 0;
  const byId = statement(({ id }: { id: number }) => {
    built++;
    return db.selectFrom("entries").selectAll().where("id", "=", id);
  });
  await byId(db, { id: 1 });
  await byId(db, { id: 2 });
  expect(built).toBe(1);
  const text = "select * from `entries` where `id` = ?";
  expect(heard).toEqual([
    [text, [1]],
    [text, [2]],
  ]);
});

test("each value goes where the statement has it, also twice, and what is no value stays", async () => {
  const { db, heard } = listening();
  const change = statement(({ at, text }: { at: Date; text: string }) =>
    db
      .updateTable("entries")
      .set({ text, updated_at: at })
      .where("text", "!=", "fixed")
      .where(sql<boolean>`${text} <> ''`),
  );
  const at = new Date();
  await change(db, { at, text: "new" });
  expect(heard).toEqual([
    [
      "update `entries` set `text` = ?, `updated_at` = ? where `text` != ? and ? <> ''",
      ["new", at, "fixed", "new"],
    ],
  ]);
});

test("it runs where it is told to, not where it was built", async () => {
  const primary = listening();
  const replica = listening();
  const all = statement(() => primary.db.selectFrom("entries").selectAll());
  await all(replica.db, {});
  expect(primary.heard).toEqual([]);
  expect(replica.heard).toHaveLength(1);
});
