import type { Employee, EmployeeExpectation } from "../employees/employee.ts";

/** An employee whose photo was changed. */
export interface Exchange {
  readonly employee: Employee;
  /** Name of the photo that was there, which is doomed now. */
  readonly former: string | null;
}

/**
 * Which photos are in the bucket without being an employee's: those that are being uploaded, and those that are to go.
 * It is kept where the employees are, so that one transaction changes both: whatever is cut off between, the bucket
 * holds nothing that neither an employee nor the ledger names. Every method rejects with DatabaseUnavailable.
 */
export interface PhotoLedger {
  /** Notes a photo, before the first of its objects is written. */
  begin(name: string): Promise<void>;
  /**
   * Makes a noted photo the employee's, or null none, and dooms the one that was there. Resolves to undefined if there
   * is no such employee.
   * @throws Outdated if the employee is not what is expected, or the photo was doomed meanwhile
   */
  exchange(id: string, name: string | null, isExpected?: EmployeeExpectation): Promise<Exchange | undefined>;
  /**
   * Dooms a noted photo: nobody can have it any more. False if it is not noted, because it is an employee's or gone;
   * an exchange of it that is being committed is waited for.
   */
  doom(name: string): Promise<boolean>;
  /** Strikes out a doomed photo whose objects are gone. */
  strike(name: string): Promise<void>;
  /** Up to a hundred photos that were noted or doomed before that time. */
  leftovers(before: Date): Promise<string[]>;
}
