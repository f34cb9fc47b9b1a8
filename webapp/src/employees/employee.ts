import { type Static, Type } from "typebox";
import { NOT_BLANK, PAGE_SIZE, Time, UP_TO_HUNDRED } from "../entries/entry.ts";

/** Longest name, job title or place, in characters. The columns are as wide. */
export const LONGEST_LINE = 100;

/** Longest address of a mailbox (RFC 5321). */
export const LONGEST_EMAIL = 254;

/** A universally unique identifier: what an employee is known by, and nobody can guess. */
export const UUID = "^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$";

/** An address of a mailbox, as far as a pattern can tell. */
export const EMAIL = "^[^\\s@]+@[^\\s@]+$";

/** `next` of a page: the id of its last employee, and the name as base64url. */
export const CURSOR = UUID.replace("$", "\\.[A-Za-z0-9_-]*$");

const line = (description: string) =>
  Type.String({ description, minLength: 1, maxLength: LONGEST_LINE, pattern: NOT_BLANK });

/** What a client sends to make or change an employee. */
export const EmployeeInput = Type.Object({
  name: line("As the directory shows it"),
  jobTitle: line("What they do"),
  location: line("Where they work"),
  email: Type.Optional(
    Type.String({
      description: "Where to write to",
      maxLength: LONGEST_EMAIL,
      pattern: EMAIL,
    }),
  ),
});
export type EmployeeInput = Static<typeof EmployeeInput>;

/** A stored employee. */
export const Employee = Type.Object(
  {
    id: Type.String({ pattern: UUID }),
    name: Type.String(),
    jobTitle: Type.String(),
    location: Type.String(),
    email: Type.Union([Type.String(), Type.Null()]),
    photo: Type.Union([Type.String(), Type.Null()], {
      description: "Name of the photo: it is at /photos/<name>/large and /photos/<name>/small",
    }),
    createdAt: Time,
    updatedAt: Time,
  },
  { description: "The employee" },
);
export type Employee = Static<typeof Employee>;

/** By name. `next` is the `after` of the following page, null on the last one. */
export const EmployeePage = Type.Object(
  {
    employees: Type.Array(Employee),
    next: Type.Union([Type.String(), Type.Null()], { description: "`after` of the following page" }),
  },
  { description: "A page of employees" },
);
export type EmployeePage = Static<typeof EmployeePage>;

export const EmployeeParams = Type.Object({ id: Type.String({ pattern: UUID }) });
export type EmployeeParams = Static<typeof EmployeeParams>;

/** Which part of the list: up to `limit` employees (1 to 100) behind the cursor `after` in whose fields `search` is. */
export const EmployeeQuery = Type.Object({
  after: Type.Optional(
    Type.String({ description: "`next` of the page before", maxLength: 1000, pattern: CURSOR }),
  ),
  limit: Type.Optional(
    Type.String({ description: `How many at most; ${PAGE_SIZE} without it`, pattern: UP_TO_HUNDRED }),
  ),
  search: Type.Optional(
    Type.String({ description: "Part of a field, in any case", maxLength: LONGEST_LINE }),
  ),
});
export type EmployeeQuery = Static<typeof EmployeeQuery>;

/** Which employees a list is of. */
export interface EmployeeSelection {
  readonly limit: number;
  /** `next` of the page before. */
  readonly after?: string;
  /** Part of a name, job title, place or address, in any case. */
  readonly search?: string;
  /** Whether a replica, which may be some seconds behind, will not do. Default false. */
  readonly newest?: boolean;
}

/** The selection of a list from a validated query string. */
export function selectionOf({ limit, after, search }: EmployeeQuery): EmployeeSelection {
  return {
    limit: limit === undefined ? PAGE_SIZE : Number(limit),
    ...(after !== undefined && { after }),
    ...(search !== undefined && { search }),
  };
}

/** Whether an employee is what somebody takes them for. */
export type EmployeeExpectation = (employee: Employee) => boolean;

/**
 * Where employees are kept: in the database or in DynamoDB. Every method rejects with DatabaseUnavailable while that
 * does not answer.
 */
export interface EmployeeRepository {
  list(selection: EmployeeSelection): Promise<EmployeePage>;
  get(id: string): Promise<Employee | undefined>;
  add(input: EmployeeInput): Promise<Employee>;
  /**
   * Resolves to undefined if there is no such employee. The photo stays.
   * @param isExpected asked of the employee as it is, while nobody else can change it; false rejects with Outdated
   */
  change(id: string, input: EmployeeInput, isExpected?: EmployeeExpectation): Promise<Employee | undefined>;
  /** Resolves to the employee that is gone, undefined if there was none. `isExpected` as for a change. */
  remove(id: string, isExpected?: EmployeeExpectation): Promise<Employee | undefined>;
}
