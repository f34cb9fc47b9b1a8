import { randomUUID } from "node:crypto";
import { type Kysely, sql } from "kysely";
import { containing, contains } from "../database/contains.ts";
import { known, readList } from "../database/reading.ts";
import type { Tables } from "../database/tables.ts";
import { fromCursor, toCursor } from "./cursor.ts";
import type { EmployeePage, EmployeeSelection } from "./employee.ts";
import { doom, mysqlLedger } from "./mysql-ledger.ts";
import { columnsOf, holdEmployee, toEmployee, updateEmployee } from "./mysql-rows.ts";
import type { EmployeeStore } from "./store.ts";

/**
 * Employees in the database.
 * @param replica where lists are read; while it does not answer, or without one, they come from the primary
 */
export function mysqlEmployees(db: Kysely<Tables>, replica?: Kysely<Tables>): EmployeeStore {
  return {
    list: ({ newest = false, ...selection }) =>
      readList({ db, replica }, newest, (from) => page(from, selection)),

    get: (id) =>
      known(async () => {
        const row = await db.selectFrom("employees").selectAll().where("id", "=", id).executeTakeFirst();
        return row && toEmployee(row);
      }),

    add: (input) =>
      known(async () => {
        const now = new Date();
        const row = { id: randomUUID(), ...columnsOf(input), photo: null, created_at: now, updated_at: now };
        await db.insertInto("employees").values(row).execute();
        return toEmployee(row);
      }),

    change: (id, input, isExpected) =>
      known(() =>
        db.transaction().execute(async (transaction) => {
          const employee = await holdEmployee(transaction, id, isExpected);
          return employee && updateEmployee(transaction, id, columnsOf(input));
        }),
      ),

    remove: (id, isExpected) =>
      known(() =>
        db.transaction().execute(async (transaction) => {
          const employee = await holdEmployee(transaction, id, isExpected);
          if (employee === undefined) return undefined;
          await transaction.deleteFrom("employees").where("id", "=", id).execute();
          if (employee.photo !== null) await doom(transaction, employee.photo);
          return employee;
        }),
      ),

    ledger: mysqlLedger(db),
  };
}

const SEARCHED = ["name", "job_title", "location", "email"] as const;

async function page(
  from: Kysely<Tables>,
  { limit, after, search }: Omit<EmployeeSelection, "newest">,
): Promise<EmployeePage> {
  let query = from
    .selectFrom("employees")
    .selectAll()
    .orderBy("name")
    .orderBy("id")
    .limit(sql.lit(limit + 1));
  if (after !== undefined) {
    const { name, id } = fromCursor(after);
    query = query.where((where) =>
      where.or([where("name", ">", name), where.and([where("name", "=", name), where("id", ">", id)])]),
    );
  }
  if (search) {
    const pattern = containing(search);
    query = query.where(({ or }) => or(SEARCHED.map((column) => contains(column, pattern))));
  }
  const rows = await query.execute();
  const employees = rows.slice(0, limit).map(toEmployee);
  const last = employees.at(-1);
  return { employees, next: last !== undefined && rows.length > limit ? toCursor(last) : null };
}
