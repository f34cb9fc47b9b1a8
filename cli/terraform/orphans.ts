import { askToGoOn } from "../ask.ts";
import { Failure } from "../errors.ts";
import { describeLeftovers, takeInventory } from "../inventory/inventory.ts";
import { sweep, unwanted } from "../inventory/sweep.ts";
import type { Session } from "../session.ts";
import type { TerraformRun } from "./run.ts";

/** Made by the bake, not by Terraform: never in a state. */
const NOT_OF_TERRAFORM = new Set(["images", "snapshots", "parameters", "database snapshots"]);
const LIMIT_MS = 300_000;

/**
 * After a Terraform that was killed itself: what it had made in its last seconds is on AWS and in no state, and would
 * be made twice or be in the way of its own name. It is seconds old and nobody uses it, so it is removed.
 */
export async function removeOrphans(
  session: Session,
  killed: TerraformRun | undefined,
  yes: boolean,
): Promise<void> {
  if (killed === undefined || killed.operation !== "apply") return;
  const { cloud, console, environment, stack } = session;
  const state = await stack.state();
  const isOrphan = (kind: string, id: string) => !NOT_OF_TERRAFORM.has(kind) && !state.includes(id);
  const orphans = unwanted(await takeInventory(cloud.clients, environment), isOrphan);
  if (orphans.length === 0) return;
  console.say(
    `The run of ${killed.since} was killed and left what is in no state: ${describeLeftovers(orphans)}`,
  );
  if (!yes) await askToGoOn("Remove it, to make it anew?");
  await console.step("Leftovers", async (step) => {
    const { left, reasons } = await sweep(cloud.clients, environment, step, isOrphan, LIMIT_MS);
    if (left.length > 0) {
      throw new Failure(
        `${environment.name}: could not remove ${describeLeftovers(left)}\n  ${reasons.join("\n  ")}\nremove it by hand, or take it into the state with terraform import, then run this again`,
      );
    }
    step.result("removed");
  });
}
