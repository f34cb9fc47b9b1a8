import type { Kysely, Selectable, Updateable } from "kysely";
import type { Tables } from "../database/tables.ts";
import { Outdated } from "../errors.ts";
import type { Employee, EmployeeExpectation, EmployeeInput } from "./employee.ts";
import { factsOf } from "./store.ts";

/** What the columns hold of what a client sends. */
export function columnsOf(input: EmployeeInput) {
  const { jobTitle, ...facts } = factsOf(input);
  return { ...facts, job_title: jobTitle };
}

/** The employee, kept from everybody else until the transaction ends. */
export async function holdEmployee(
  transaction: Kysely<Tables>,
  id: string,
  isExpected: EmployeeExpectation = () => true,
): Promise<Employee | undefined> {
  const row = await transaction
    .selectFrom("employees")
    .selectAll()
    .where("id", "=", id)
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const employee = toEmployee(row);
  if (!isExpected(employee)) throw new Outdated(`Employee ${id} was changed meanwhile.`);
  return employee;
}

/** Changes an employee who is held. */
export async function updateEmployee(
  transaction: Kysely<Tables>,
  id: string,
  change: Updateable<Tables["employees"]>,
): Promise<Employee> {
  await transaction
    .updateTable("employees")
    .set({ ...change, updated_at: new Date() })
    .where("id", "=", id)
    .execute();
  const row = await transaction
    .selectFrom("employees")
    .selectAll()
    .where("id", "=", id)
    .executeTakeFirstOrThrow();
  return toEmployee(row);
}

export function toEmployee(row: Selectable<Tables["employees"]>): Employee {
  const { id, name, job_title, location, email, photo, created_at, updated_at } = row;
  return {
    id,
    name,
    jobTitle: job_title,
    location,
    email,
    photo,
    createdAt: created_at.toISOString(),
    updatedAt: updated_at.toISOString(),
  };
}
