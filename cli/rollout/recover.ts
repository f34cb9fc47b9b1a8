import { Cancelled, Failure } from "../errors.ts";
import { publishedBefore, publishImage } from "../images/published.ts";
import { describeImage, type ImageRecord, verdictOf } from "../images/record.ts";
import { imageStore } from "../images/store.ts";
import type { Session } from "../session.ts";
import { earlierImage } from "./earlier.ts";
import { describeEvidence, gatherEvidence } from "./evidence.ts";
import { describeWatched, type Watched } from "./watch.ts";

/** A rollout that did not come to a good end. */
export interface FailedRollout {
  readonly image: ImageRecord;
  /** What went wrong, as half a sentence: "did not become healthy within 300 s". */
  readonly what: string;
  /** Ends the watch over the URL; undefined when nothing served before. */
  readonly watched: (() => Promise<Watched>) | undefined;
}

/**
 * Shows why an image is bad, puts the earlier one back and applies that. An image that served here before is not to
 * blame, and on a first deploy there is nothing to go back to: then nothing is changed.
 *
 * @returns the failure that ends the command: one line that says what happened and what serves now
 */
export async function recover(session: Session, failed: FailedRollout): Promise<Failure> {
  const { cloud, console, environment } = session;
  const { clients } = cloud;
  const { image, what, watched } = failed;
  const store = imageStore(clients, environment);
  const images = await store.list();
  const history = await publishedBefore(clients.ssm, environment);
  const blameless = images.some(
    ({ id, ...rest }) => id === image.id && verdictOf({ id, ...rest }, environment) === "good",
  );
  const earlier = blameless ? undefined : earlierImage(environment, history, images, image.id);
  if (earlier !== undefined) {
    await store.mark(image.id, "failed");
    await publishImage(clients.ssm, environment, earlier.id);
  }
  const evidence = await gatherEvidence(clients, environment, image.id);
  for (const line of evidence === undefined ? [] : describeEvidence(evidence)) console.say(line);
  const reason = `${environment.name}: ${describeImage(image)} ${what}${evidence ? ` (${evidence.health})` : ""}`;
  if (earlier === undefined) {
    const noticed = describeWatched(await watched?.());
    return new Failure(blameless ? blamesConfiguration(reason, noticed) : hasNoEarlier(reason, session));
  }
  await goBack(session, earlier, reason);
  const noticed = describeWatched(await watched?.());
  return new Failure(`${reason}; ${describeImage(earlier)} is back${noticed ? `, and ${noticed}` : ""}`);
}

/** Converges on the earlier image: create-before-destroy once more, so the group that serves now goes last. */
async function goBack({ console, stack, cloud, environment }: Session, to: ImageRecord, reason: string) {
  const local = cloud.kind === "twin" ? " --local" : "";
  const byHand = `npm run rollback -- ${environment.name} ${to.id}${local}`;
  try {
    await console.step("Back", async (step) => {
      step.update(`to ${describeImage(to)}`);
      const plan = await stack.plan(step, { destroy: false });
      if (plan.changes.length > 0) await stack.apply(step, plan);
      step.result(`to ${describeImage(to)}`);
    });
  } catch (error) {
    if (error instanceof Cancelled) {
      throw new Cancelled(`${reason}; stopped on the way back to ${to.id}: finish it with ${byHand}`);
    }
    if (!(error instanceof Failure)) throw error;
    throw new Failure(
      `${reason}; the way back to ${describeImage(to)} failed too, see above: the group that served before is not touched. If both images are good, look at what else changed in config/ and constructs/, then run ${byHand}`,
    );
  }
}

function blamesConfiguration(reason: string, noticed: string): string {
  return `${reason}; this image has served here, so look at what else changed in config/ and constructs/, and deploy again. The group that served before is not touched${noticed ? `, and ${noticed}` : ""}`;
}

function hasNoEarlier(reason: string, { environment }: Session): string {
  return `${reason}; there is no earlier image to go back to, so all is left as it is for you to look at: mend it and run ./deploy.sh ${environment.name} again, or take it away with ./destroy.sh ${environment.name}`;
}
