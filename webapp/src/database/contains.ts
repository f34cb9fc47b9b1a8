import { type RawBuilder, sql } from "kysely";

/** What `contains` looks for, for a text that somebody searches: nothing in it is a pattern. */
export function containing(text: string): string {
  return `%${text.replaceAll(/[!%_]/g, "!$&")}%`;
}

/**
 * Whether a column has a text in it, whatever its case. The escape character is named: which one MySQL takes by itself
 * depends on its mode.
 * @param pattern the text, as `containing` gives it
 */
export function contains(column: string, pattern: string): RawBuilder<boolean> {
  return sql<boolean>`${sql.ref(column)} like ${pattern} escape '!'`;
}
