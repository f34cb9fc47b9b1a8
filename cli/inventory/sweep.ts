import { setTimeout as wait } from "node:timers/promises";
import type { Environment } from "../../config/environment.ts";
import type { Clients } from "../cloud.ts";
import type { Step } from "../console.ts";
import { describeLeftovers, type Leftover, takeInventory } from "./inventory.ts";
import { removals } from "./removal.ts";

const PAUSE_MS = 2000;

/**
 * Removes resources that carry the tags of an environment, again and again while they hold on to each other, until
 * none is listed any more.
 *
 * @param isUnwanted which of those listed are to go
 * @param limit milliseconds
 * @returns what is still listed when the time is over, with AWS's last reason for each kind
 */
export async function sweep(
  clients: Clients,
  environment: Environment,
  step: Step,
  isUnwanted: (kind: string, id: string) => boolean,
  limit: number,
): Promise<{ left: Leftover[]; reasons: string[] }> {
  const deadline = Date.now() + limit;
  for (;;) {
    const left = unwanted(await takeInventory(clients, environment), isUnwanted);
    if (left.length === 0) return { left, reasons: [] };
    step.update(`removing ${describeLeftovers(left)}`);
    const reasons = await removeOnce(clients, left);
    if (Date.now() > deadline) return { left, reasons };
    await wait(PAUSE_MS);
  }
}

/** Those of the leftovers that are to go. */
export function unwanted(
  leftovers: readonly Leftover[],
  isUnwanted: (kind: string, id: string) => boolean,
): Leftover[] {
  return leftovers
    .map(({ kind, ids }) => ({ kind, ids: ids.filter((id) => isUnwanted(kind, id)) }))
    .filter(({ ids }) => ids.length > 0);
}

async function removeOnce(clients: Clients, left: readonly Leftover[]): Promise<string[]> {
  const reasons: string[] = [];
  for (const [kind, remove] of Object.entries(removals(clients))) {
    for (const id of left.find((leftover) => leftover.kind === kind)?.ids ?? []) {
      // What another resource still holds goes in a later round.
      await remove(id).catch((error: Error) => reasons.push(`${id}: ${error.message}`));
    }
  }
  return reasons;
}
