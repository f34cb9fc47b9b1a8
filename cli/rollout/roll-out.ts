import { handOverName } from "../../config/names.ts";
import { askToGoOn } from "../ask.ts";
import { Cancelled, Failure } from "../errors.ts";
import { publishedImage, publishImage } from "../images/published.ts";
import { type ImageRecord, shortCommit, verdictOf } from "../images/record.ts";
import { KEPT_IMAGES } from "../images/retention.ts";
import { imageStore } from "../images/store.ts";
import { untilAnswers } from "../probe.ts";
import type { Session } from "../session.ts";
import { removeOrphans } from "../terraform/orphans.ts";
import { initialize, synthesize } from "../terraform/prepare.ts";
import type { TerraformRun } from "../terraform/run.ts";
import { type Plan, TerraformFailure } from "../terraform/stack.ts";
import { countPlan, describePlan } from "../terraform/summary.ts";
import { recover } from "./recover.ts";
import { type Watched, watch } from "./watch.ts";

/** How to roll out. */
export interface RollOutOptions {
  /** The earlier run that was killed, if that is how the last one ended. */
  readonly killed: TerraformRun | undefined;
  /** Do not ask before changes are made. */
  readonly yes: boolean;
}

/**
 * Makes an environment run an image: the rest of a deploy, a roll back and a promotion alike. An image that does not
 * become healthy, or does not answer, is taken back.
 *
 * @returns the URL, which has answered 200
 * @throws Failure that says what serves now
 */
export async function rollOut(
  session: Session,
  image: ImageRecord,
  options: RollOutOptions,
): Promise<string> {
  const { cloud, console, environment } = session;
  const plan = await publishAndPlan(session, image, options);
  const watching = await watchCurrent(session);
  try {
    if (plan.changes.length > 0) await applyOrRecover(session, image, plan, watching?.stop);
    const url = await answerOrRecover(session, image, plan, watching?.stop);
    if (verdictOf(image, environment) !== "good") {
      await imageStore(cloud.clients, environment).mark(image.id, "good");
    }
    await retain(session);
    return url;
  } finally {
    const seen = await watching?.stop();
    if (seen !== undefined && seen.answered < seen.asked) {
      console.say(
        `  ${seen.asked - seen.answered} of ${seen.asked} probes of the URL were not answered meanwhile`,
      );
    }
  }
}

/** Until the apply begins nothing has changed but the parameter, so that is put back when it does not come to that. */
async function publishAndPlan(session: Session, image: ImageRecord, options: RollOutOptions): Promise<Plan> {
  const { cloud, console, environment, stack } = session;
  const { ssm } = cloud.clients;
  const before = await publishedImage(ssm, environment);
  if (await publishImage(ssm, environment, image.id)) {
    console.say(`  ${image.id} is in ${handOverName(environment)}${before ? `, where ${before} was` : ""}`);
  }
  try {
    await synthesize(session);
    await initialize(session, options.killed);
    await removeOrphans(session, options.killed, options.yes);
    const plan = await console.step("Plan", async (step) => {
      const made = await stack.plan(step, { destroy: false });
      step.result(countPlan(made));
      return made;
    });
    if (plan.changes.length === 0) return plan;
    for (const line of describePlan(plan)) console.say(line);
    if (!options.yes) await askToGoOn(`Apply this to ${environment.name}?`);
    return plan;
  } catch (error) {
    if (before !== undefined) await publishImage(ssm, environment, before);
    throw error;
  }
}

/** What serves now is watched from here on; a first deploy has no URL yet. */
async function watchCurrent({ stack, cloud, environment }: Session) {
  const { url } = await stack.outputs();
  if (url === undefined) return undefined;
  return watch(new URL(environment.app.healthCheckPath, await cloud.reachableUrl(url)).href, cloud.asking);
}

async function applyOrRecover(
  session: Session,
  image: ImageRecord,
  plan: Plan,
  watched: (() => Promise<Watched>) | undefined,
): Promise<void> {
  const { console, stack, environment } = session;
  try {
    await console.step("Apply", async (step) => {
      const { add, change, remove } = await stack.apply(step, plan);
      step.result(`${add} added, ${change} changed, ${remove} destroyed`);
    });
  } catch (error) {
    if (!isUnhealthyGroup(error)) throw error;
    const what = `did not become healthy within ${environment.compute.rolloutTimeout ?? 600} s`;
    throw await recover(session, { image, what, watched });
  }
}

/** Terraform waits until what is new is healthy: an error on group or service is the image's or its settings'. */
function isUnhealthyGroup(error: unknown): boolean {
  return (
    error instanceof TerraformFailure &&
    error.errors.some(({ address }) => /^aws_(autoscaling_group|ecs_service)\./.test(address ?? ""))
  );
}

async function answerOrRecover(
  session: Session,
  image: ImageRecord,
  plan: Plan,
  watched: (() => Promise<Watched>) | undefined,
): Promise<string> {
  const { console, stack, cloud, environment } = session;
  try {
    return await console.step("Answer", async (step) => {
      const { url } = await stack.outputs();
      const reachable = await cloud.reachableUrl(url ?? "");
      await untilAnswers(reachable, step, cloud.asking);
      return reachable;
    });
  } catch (error) {
    const judged = error instanceof Failure && !(error instanceof Cancelled) && plan.changes.length > 0;
    if (!judged || verdictOf(image, environment) === "good") throw error;
    console.say(`  ${error.message}`);
    throw await recover(session, { image, what: "became healthy but its URL does not answer 200", watched });
  }
}

/** Old images cost money; what cannot be removed now is tried again after the next deploy. */
async function retain({ cloud, console, environment }: Session): Promise<void> {
  try {
    const removed = await imageStore(cloud.clients, environment).removeOld(KEPT_IMAGES);
    if (removed.length === 0) return;
    const names = removed.map(({ id, commit }) => `${id} (commit ${shortCommit(commit)})`).join(", ");
    console.say(`  removed what is older than the last ${KEPT_IMAGES} images: ${names}`);
  } catch (error) {
    console.say(`  old images could not be removed: ${(error as Error).message}`);
  }
}
