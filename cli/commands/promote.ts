import type { Environment } from "../../config/environment.ts";
import { loadEnvironment } from "../environments.ts";
import { Failure, UsageError } from "../errors.ts";
import { publishedImage } from "../images/published.ts";
import { describeImage, type ImageRecord, verdictOf } from "../images/record.ts";
import { imageStore } from "../images/store.ts";
import { rollOut } from "../rollout/roll-out.ts";
import { type Session, type Tools, withSession } from "../session.ts";
import { settleAbandonedRun } from "../terraform/prepare.ts";
import { prepareState } from "./bootstrap.ts";

/**
 * `npm run promote -- <from> <to>`: rolls the image that one environment runs out in another one. Both share it: it
 * is not copied. The URL goes to stdout.
 */
export async function promote(
  fromName: string,
  toName: string,
  options: { local: boolean; yes: boolean },
  tools: Tools,
): Promise<void> {
  const from = await loadEnvironment(tools.settings.root, fromName);
  const opening = { local: options.local, start: false };
  const url = await withSession("promote", toName, opening, tools, async (session) => {
    refuseStrangers(from, session.environment);
    const killed = await settleAbandonedRun(session);
    const image = await session.console.step("Image", async (step) => {
      const found = await provenImage(session, from);
      step.result(`${describeImage(found)}, as in ${from.name}`);
      return found;
    });
    await prepareState(session);
    return rollOut(session, image, { killed, yes: options.yes });
  });
  process.stdout.write(`${url}\n`);
}

/** An image belongs to one region of one account. */
function refuseStrangers(from: Environment, to: Environment): void {
  if (from.name === to.name) throw new UsageError(`promote wants two environments, got ${from.name} twice`);
  for (const field of ["project", "account", "region"] as const) {
    if (from[field] !== to[field]) {
      throw new Failure(
        `the ${field} of ${from.name} is ${from[field]}, that of ${to.name} is ${to[field]}: an image cannot be shared between them; deploy the same commit instead: ./deploy.sh ${to.name}`,
      );
    }
  }
  refuseOtherKind(from, to);
}

/** What runs instances cannot run tasks. */
function refuseOtherKind(from: Environment, to: Environment): void {
  const kind = ({ compute }: Environment) => (compute.fargate ? "tasks" : "instances");
  if (kind(from) === kind(to)) return;
  throw new Failure(
    `${from.name} runs ${kind(from)}, ${to.name} ${kind(to)}: an image cannot be shared between them; deploy the same commit instead: ./deploy.sh ${to.name}`,
  );
}

async function provenImage({ cloud }: Session, from: Environment): Promise<ImageRecord> {
  const id = await publishedImage(cloud.clients.ssm, from);
  const images = await imageStore(cloud.clients, from).list();
  const image = images.find((one) => one.id === id);
  if (image === undefined || verdictOf(image, from) !== "good") {
    const what = id === undefined ? "it has no image yet" : `its image ${id} was not rolled out to the end`;
    throw new Failure(`${from.name} has nothing to promote: ${what}; run ./deploy.sh ${from.name} first`);
  }
  return image;
}
