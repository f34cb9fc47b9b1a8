import { type RawBuilder, sql } from "kysely";

/**
 * Whether a column has the text in it, whatever its case; nothing in the text is a pattern. The escape character is
 * named: which one MySQL takes by itself depends on its mode.
 */
export function contains(column: string, text: string): RawBuilder<boolean> {
  const pattern = `%${text.replaceAll(/[!%_]/g, "!$&")}%`;
  return sql<boolean>`${sql.ref(column)} like ${pattern} escape '!'`;
}
