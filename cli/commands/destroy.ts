import type { Environment } from "../../config/environment.ts";
import { askForName } from "../ask.ts";
import { Failure } from "../errors.ts";
import { removeImagesOf } from "../images/removal.ts";
import { describeLeftovers, kindsOf, takeInventory } from "../inventory/inventory.ts";
import { sweep } from "../inventory/sweep.ts";
import { type Session, type Tools, withSession } from "../session.ts";
import { stateBucketExists, stateLocation } from "../state-bucket.ts";
import { initialize, settleAbandonedRun, synthesize } from "../terraform/prepare.ts";
import { countPlan, describePlan } from "../terraform/summary.ts";

/** AWS lists some things for a while after they are gone, and a network interface can take minutes to go. */
const SWEEP_LIMIT_MS = 300_000;

/** `./destroy.sh <environment> [--local] [--yes]`: all of it away, proved by AWS's own listings. */
export async function destroy(
  name: string,
  options: { local: boolean; yes: boolean },
  tools: Tools,
): Promise<void> {
  await withSession("destroy", name, { local: options.local, start: false }, tools, async (session) => {
    const { environment, cloud, console } = session;
    refuseProtected(session);
    const killed = await settleAbandonedRun(session);
    if (await stateBucketExists(cloud.clients.s3, stateLocation(environment).bucket)) {
      await synthesize(session);
      await initialize(session, killed);
      await destroyStack(session, options.yes);
    } else if (!options.yes) {
      await askForName(
        `There is no state of ${environment.name}. Type its name to remove its images`,
        environment.name,
      );
    }
    await console.step("Images", async (step) => {
      const { removed, kept } = await removeImagesOf(cloud.clients, environment);
      const others = kept.map(({ id, environment: user }) => `, ${id} kept: ${user} uses it, and has it now`);
      step.result(`${removed} removed${others.join("")}`);
    });
    await proveNothingLeft(session);
  });
}

function refuseProtected({ environment }: Session): void {
  if (!environment.protect) return;
  const file = `config/environments/${environment.name}.ts`;
  throw new Failure(
    `${environment.name} is protected. If it must go: 1. set "protect: false" in ${file} and run ./deploy.sh ${environment.name}, which lifts the protection of its resources; 2. run ./destroy.sh ${environment.name} again`,
  );
}

async function destroyStack(session: Session, yes: boolean): Promise<void> {
  const { console, stack, environment } = session;
  const plan = await console.step("Plan", async (step) => {
    const made = await stack.plan(step, { destroy: true });
    step.result(countPlan(made));
    return made;
  });
  for (const line of describePlan(plan)) console.say(line);
  if (!yes)
    await askForName(
      `All this will be gone, data included. Type "${environment.name}" to destroy it`,
      environment.name,
    );
  if (plan.changes.length === 0) return;
  await console.step("Destroy", async (step) => {
    const { remove } = await stack.apply(step, plan);
    step.result(`${remove} destroyed`);
  });
}

/**
 * Looks for what carries the environment's tags and is not in its state any more, such as what a Terraform that was
 * killed had just made, and removes that too. A database with data that is to be kept is named instead.
 */
async function proveNothingLeft({ cloud, environment, console }: Session): Promise<void> {
  await console.step("Proof", async (step) => {
    const keepsData = (kind: string) =>
      kind === "database snapshots" || (kind === "databases" && environment.database.finalSnapshot);
    const { reasons } = await sweep(
      cloud.clients,
      environment,
      step,
      (kind) => !keepsData(kind),
      SWEEP_LIMIT_MS,
    );
    const left = (await takeInventory(cloud.clients, environment)).filter(
      ({ kind }) => !isKept(kind, environment),
    );
    if (left.length > 0) {
      throw new Failure(
        `${environment.name}: AWS still lists ${describeLeftovers(left)}; they carry the tags of this environment but are not in its state${reasons.map((reason) => `\n  ${reason}`).join("")}\nremove them by hand, or run ./destroy.sh ${environment.name} again if they are on their way out`,
      );
    }
    const kinds = kindsOf(cloud.clients, environment).length;
    step.result(`nothing of ${environment.name} is left, by AWS's own listings of ${kinds} kinds`);
  });
}

/** The last snapshot of a database is what an environment may leave, when it says so. */
function isKept(kind: string, environment: Environment): boolean {
  return kind === "database snapshots" && environment.database.finalSnapshot;
}
