import { askToGoOn } from "../ask.ts";
import { untilAnswers } from "../probe.ts";
import { type Session, type Tools, withSession } from "../session.ts";
import { removeOrphans } from "../terraform/orphans.ts";
import { initialize, settleAbandonedRun, synthesize } from "../terraform/prepare.ts";
import { countPlan, describePlan } from "../terraform/summary.ts";
import { makeImage } from "./bake.ts";
import { prepareState } from "./bootstrap.ts";

/** `./deploy.sh <environment> [--local] [--yes]`: up, or up to date. The URL is all that goes to stdout. */
export async function deploy(
  name: string,
  options: { local: boolean; yes: boolean },
  tools: Tools,
): Promise<void> {
  const url = await withSession(
    "deploy",
    name,
    { local: options.local, start: true },
    tools,
    async (session) => {
      const killed = await settleAbandonedRun(session);
      await prepareState(session);
      await makeImage(session);
      await synthesize(session);
      await initialize(session, killed);
      await removeOrphans(session, killed, options.yes);
      await planAndApply(session, options.yes);
      return session.console.step("Answer", async (step) => {
        const { url } = await session.stack.outputs();
        const reachable = await session.cloud.reachableUrl(url ?? "");
        await untilAnswers(reachable, step);
        return reachable;
      });
    },
  );
  process.stdout.write(`${url}\n`);
}

async function planAndApply(session: Session, yes: boolean): Promise<void> {
  const { console, stack, environment } = session;
  const plan = await console.step("Plan", async (step) => {
    const made = await stack.plan(step, { destroy: false });
    step.result(countPlan(made));
    return made;
  });
  if (plan.changes.length === 0) return;
  for (const line of describePlan(plan)) console.say(line);
  if (!yes) await askToGoOn(`Apply this to ${environment.name}?`);
  await console.step("Apply", async (step) => {
    const { add, change, remove } = await stack.apply(step, plan);
    step.result(`${add} added, ${change} changed, ${remove} destroyed`);
  });
}
