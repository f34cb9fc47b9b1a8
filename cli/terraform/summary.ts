import type { Change } from "./events.ts";
import type { Plan } from "./stack.ts";

const SIGNS: Partial<Record<Change["action"], string>> = {
  create: "+",
  update: "~",
  delete: "-",
  replace: "±",
};

/**
 * What a plan would do, for a person who is about to say yes: whatever is changed, replaced or deleted line by line,
 * and what is only created by kind and number.
 */
export function describePlan(plan: Plan): string[] {
  const lines: string[] = [];
  const created = new Map<string, number>();
  for (const { action, resource } of plan.changes) {
    if (action === "create")
      created.set(resource.resource_type, (created.get(resource.resource_type) ?? 0) + 1);
    else if (SIGNS[action] !== undefined) lines.push(`  ${SIGNS[action]} ${resource.addr}`);
  }
  for (const [type, count] of [...created].sort()) {
    lines.push(`  + ${type}${count > 1 ? ` × ${count}` : ""}`);
  }
  return lines;
}

/** "64 to add, 0 to change, 0 to destroy", or "no change". */
export function countPlan({ summary, changes }: Plan): string {
  if (changes.length === 0) return "no change";
  return `${summary.add} to add, ${summary.change} to change, ${summary.remove} to destroy`;
}
