import type { Employee } from "./employee.ts";

/** How many colours there are for initials: `tone-0` and so on in the style sheet. */
const TONES = 8;

/** What stands for an employee without a photo. */
export interface Portrait {
  /** One or two letters. */
  readonly initials: string;
  /** Which colour: the same for an employee each time, whatever they are called. */
  readonly tone: number;
}

/** The initials of the first and last part of a name, and a colour by the id. */
export function portraitOf({ id, name }: Pick<Employee, "id" | "name">): Portrait {
  const letters = name.split(/[\s-]+/u).flatMap((part) => /[\p{L}\p{N}]/u.exec(part)?.[0] ?? []);
  const both = letters.length > 1 ? [letters[0], letters.at(-1)] : letters;
  const initials = both.join("").toUpperCase() || "?";
  let sum = 0;
  for (const character of id) sum += character.charCodeAt(0);
  return { initials, tone: sum % TONES };
}
