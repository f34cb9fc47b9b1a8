import type { Action, Condition, Rule } from "../world.ts";

/** What of a request the conditions of a rule look at. */
export interface Requested {
  /** Without the port, lower case. */
  readonly host: string;
  /** Without the query. */
  readonly path: string;
}

/** The action of the first rule, by priority, whose conditions all hold; the default rule comes last. */
export function chooseAction(rules: readonly Rule[], requested: Requested): Action | undefined {
  const rule = rules
    .toSorted((a, b) => order(a) - order(b))
    .find(({ conditions }) => conditions.every((condition) => holds(condition, requested)));
  // Only the last action answers; those before it (sign-in) have no twin.
  return rule?.actions.toSorted((a, b) => (a.Order ?? 0) - (b.Order ?? 0)).at(-1);
}

/** Whether the twin knows what this condition asks; a rule with another one never matches. */
export function isKnown(condition: Condition): boolean {
  return condition.Field === "path-pattern" || condition.Field === "host-header";
}

/** Whether `text` is what an ELB pattern describes: `*` is any run of characters, `?` any single one. */
export function matchesPattern(pattern: string, text: string): boolean {
  const source = [...pattern].map((character) => {
    if (character === "*") return ".*";
    if (character === "?") return ".";
    return character.replace(/[\\^$.|+()[\]{}]/, "\\$&");
  });
  return new RegExp(`^${source.join("")}$`, "s").test(text);
}

function order({ priority }: Rule): number {
  return priority === "default" ? Number.POSITIVE_INFINITY : Number(priority);
}

function holds(condition: Condition, { host, path }: Requested): boolean {
  const values =
    condition.PathPatternConfig?.Values ?? condition.HostHeaderConfig?.Values ?? condition.Values ?? [];
  switch (condition.Field) {
    case "path-pattern":
      return values.some((pattern) => matchesPattern(pattern, path));
    case "host-header":
      return values.some((pattern) => matchesPattern(pattern.toLowerCase(), host));
    default:
      return false;
  }
}
