import type { Employee } from "./employee.ts";

/** Where a page of the list ends: lists are in the order of names, and of ids where names are the same. */
export type Place = Pick<Employee, "name" | "id">;

/** A place as a client keeps it: it need not be understood, only sent back. The schema of `after` knows its form. */
export function toCursor({ name, id }: Place): string {
  return `${id}.${Buffer.from(name).toString("base64url")}`;
}

/** The place of a cursor; of one that a client made up, a place in the list as any other. */
export function fromCursor(cursor: string): Place {
  const [id = "", name = ""] = cursor.split(".");
  return { id, name: Buffer.from(name, "base64url").toString() };
}
