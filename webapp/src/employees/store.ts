import type { PhotoLedger } from "../photos/ledger.ts";
import type { Employee, EmployeeInput, EmployeeRepository } from "./employee.ts";

/** Where employees are kept, with the ledger of their photos. The photo of one who is removed is doomed. */
export interface EmployeeStore extends EmployeeRepository {
  readonly ledger: PhotoLedger;
}

/** What is stored of what a client sends: an address that is not there is null. */
export function factsOf({ name, jobTitle, location, email }: EmployeeInput) {
  return { name, jobTitle, location, email: email ?? null } satisfies Partial<Employee>;
}
