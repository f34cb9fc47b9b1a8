import { fromCursor, type Place, toCursor } from "./cursor.ts";
import type { Employee, EmployeePage, EmployeeSelection } from "./employee.ts";

/** As the database's collation does: neither case nor accents count. */
const collator = new Intl.Collator("en", { sensitivity: "base" });

/** A page of employees that are all in memory, in the order and by the search of the database. */
export function selectEmployees(
  all: readonly Employee[],
  { limit, after, search = "" }: Omit<EmployeeSelection, "newest">,
): EmployeePage {
  const place = after === undefined ? undefined : fromCursor(after);
  const wanted = plain(search);
  const behind = all
    .filter((employee) => place === undefined || byName(employee, place) > 0)
    .filter((employee) => wanted === "" || plain(searched(employee)).includes(wanted))
    .sort(byName);
  const employees = behind.slice(0, limit);
  const last = employees.at(-1);
  return { employees, next: last !== undefined && behind.length > limit ? toCursor(last) : null };
}

function byName(one: Place, other: Place): number {
  return collator.compare(one.name, other.name) || (one.id < other.id ? -1 : Number(one.id > other.id));
}

/** The fields that are searched, apart from each other. */
function searched({ name, jobTitle, location, email }: Employee): string {
  return [name, jobTitle, location, email].join("\n");
}

function plain(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}
