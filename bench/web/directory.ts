import { deepStrictEqual } from "node:assert/strict";
import { toItem } from "../../webapp/src/employees/dynamodb-items.ts";
import { CannedDynamoDb } from "./canned-dynamodb.ts";
import type { Contestant } from "./contestant.ts";
import { variantOf } from "./contestants/app.ts";
import type { BenchDatabase, EmployeeRow } from "./database.ts";
import type { Operation } from "./operations.ts";

/** Employees that are there before anybody writes. */
export const EMPLOYEES = 100;

const TIME = "2026-01-01T00:00:00.000Z";

const idOf = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;

/** What is asked of the directory, in this order. */
export const DIRECTORY_OPERATIONS: readonly Operation[] = [
  { name: "list of 20 employees", method: "GET", path: "/api/employees?limit=20", status: 200 },
  { name: "one employee", method: "GET", path: `/api/employees/${idOf(50)}`, status: 200 },
  {
    name: "create an employee",
    method: "POST",
    path: "/api/employees",
    body: JSON.stringify({
      ...{ name: "Grace Hopper", jobTitle: "Rear admiral", location: "Arlington" },
      email: "grace@example.com",
    }),
    status: 201,
  },
];

/** The same employees in both places where the app can keep them. */
export class BenchDirectory {
  readonly #employees: readonly EmployeeRow[];
  readonly #database: BenchDatabase;
  readonly #dynamo: CannedDynamoDb;

  private constructor(employees: readonly EmployeeRow[], database: BenchDatabase, dynamo: CannedDynamoDb) {
    this.#employees = employees;
    this.#database = database;
    this.#dynamo = dynamo;
  }

  static async start(database: BenchDatabase): Promise<BenchDirectory> {
    const employees = Array.from({ length: EMPLOYEES }, (_, index) => ({
      id: idOf(index + 1),
      name: `Employee ${String(index + 1).padStart(3, "0")}`,
      jobTitle: "Analyst",
      location: "London",
      email: `employee-${index + 1}@example.com`,
    }));
    const rest = { photo: null, createdAt: TIME, updatedAt: TIME, kind: "employee", revision: idOf(0) };
    const items = employees.map((employee) => toItem({ ...employee, ...rest }));
    const directory = new BenchDirectory(employees, database, await CannedDynamoDb.start(items));
    await directory.reset();
    return directory;
  }

  /** The app with its directory in MySQL, and in DynamoDB. */
  contestants(app: Contestant): Contestant[] {
    return [
      variantOf(app, { name: "in MySQL", about: "`DIRECTORY_TABLE` not set" }, {}),
      variantOf(
        app,
        { name: "in DynamoDB", about: "`DIRECTORY_TABLE` set; canned answers for DynamoDB's" },
        { DIRECTORY_TABLE: "bench", AWS_ENDPOINT_URL_DYNAMODB: this.#dynamo.url },
      ),
    ];
  }

  /** Takes away what was written. */
  reset(): Promise<void> {
    return this.#database.resetEmployees(this.#employees, TIME);
  }

  stop(): void {
    this.#dynamo.stop();
  }
}

/** @throws Error unless all give the same employees */
export async function agreeOnEmployees(apps: ReadonlyMap<string, string>): Promise<void> {
  for (const { method, path } of DIRECTORY_OPERATIONS) {
    if (method !== "GET") continue;
    const answers = await Promise.all(
      [...apps.values()].map(async (url) => (await fetch(url + path)).json()),
    );
    for (const answer of answers) deepStrictEqual(answer, answers[0], `${path}: not the same answer`);
  }
}
