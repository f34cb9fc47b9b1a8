import { randomUUID } from "node:crypto";
import type {
  Employee,
  EmployeeExpectation,
  EmployeeInput,
  EmployeeRepository,
} from "../src/employees/employee.ts";
import { selectEmployees } from "../src/employees/selecting.ts";
import { Outdated } from "../src/errors.ts";

/** Employees in memory, for tests. `failure` makes every method reject with it. */
export interface MemoryEmployees extends EmployeeRepository {
  readonly all: Employee[];
  failure: Error | undefined;
  /** Gives an employee another photo, or none, as Photos does. */
  setPhoto(id: string, photo: string | null, isExpected?: EmployeeExpectation): Employee | undefined;
}

const anyone = () => true;
const AT = "2026-01-02T03:04:05.678Z";

/** An employee with a name, and the rest made up. */
export function person(name: string, more: Partial<Employee> = {}): Employee {
  const made = { jobTitle: "Engineer", location: "Berlin", email: null, photo: null };
  return { id: randomUUID(), name, ...made, createdAt: AT, updatedAt: AT, ...more };
}

/** @param employees by their names, or whole ones made by `person` */
export function memoryEmployees(...employees: (string | Employee)[]): MemoryEmployees {
  const all = employees.map((one) => (typeof one === "string" ? person(one) : one));
  let changes = 0;
  const answer = async <T>(value: () => T): Promise<T> => {
    if (memory.failure) throw memory.failure;
    return value();
  };
  const find = (id: string, isExpected: EmployeeExpectation) => {
    const employee = all.find((candidate) => candidate.id === id);
    if (employee && !isExpected(employee)) throw new Outdated(`Employee ${id} was changed meanwhile.`);
    return employee;
  };
  const update = (employee: Employee | undefined, change: Partial<Employee>) => {
    const updatedAt = new Date(Date.parse(AT) + ++changes * 1000).toISOString();
    return employee && { ...Object.assign(employee, change, { updatedAt }) };
  };
  const fields = ({ name, jobTitle, location, email }: EmployeeInput) => ({
    name,
    jobTitle,
    location,
    email: email ?? null,
  });
  const memory: MemoryEmployees = {
    all,
    failure: undefined,
    list: ({ newest: _newest, ...selection }) => answer(() => selectEmployees(all, selection)),
    get: (id) => answer(() => all.find((employee) => employee.id === id)),
    add: (input) =>
      answer(() => {
        const employee = person(input.name, fields(input));
        all.push(employee);
        return { ...employee };
      }),
    change: (id, input, isExpected = anyone) => answer(() => update(find(id, isExpected), fields(input))),
    remove: (id, isExpected = anyone) =>
      answer(() => {
        const employee = find(id, isExpected);
        if (employee) all.splice(all.indexOf(employee), 1);
        return employee;
      }),
    setPhoto: (id, photo, isExpected = anyone) => update(find(id, isExpected), { photo }),
  };
  return memory;
}
