import { BadCursor } from "../errors.ts";
import { type Employee, UUID } from "./employee.ts";

const uuid = new RegExp(UUID);

/** Where a page of the list ends: lists are in the order of names, and of ids where names are the same. */
export type Place = Pick<Employee, "name" | "id">;

/** A place as a client keeps it: it need not be understood, only sent back. */
export function toCursor({ name, id }: Place): string {
  return Buffer.from(JSON.stringify([name, id])).toString("base64url");
}

/**
 * The place of a cursor.
 * @throws BadCursor if it is none of ours
 */
export function fromCursor(cursor: string): Place {
  try {
    const [name, id] = JSON.parse(Buffer.from(cursor, "base64url").toString()) as unknown[];
    if (typeof name === "string" && typeof id === "string" && uuid.test(id)) return { name, id };
  } catch {
    // Not even JSON: told below as all else.
  }
  throw new BadCursor();
}
