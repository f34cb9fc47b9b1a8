import { Failure } from "../errors.ts";
import { publishedBefore, publishedImage } from "../images/published.ts";
import { describeImage, type ImageRecord } from "../images/record.ts";
import { imageStore } from "../images/store.ts";
import { earlierImage } from "../rollout/earlier.ts";
import { rollOut } from "../rollout/roll-out.ts";
import { type Session, type Tools, withSession } from "../session.ts";
import { settleAbandonedRun } from "../terraform/prepare.ts";

/**
 * `npm run rollback -- <environment> [image]`: rolls the image out that the environment had before, or the one that
 * is named. The URL goes to stdout.
 */
export async function rollback(
  name: string,
  wanted: string | undefined,
  options: { local: boolean; yes: boolean },
  tools: Tools,
): Promise<void> {
  const opening = { local: options.local, start: false };
  const url = await withSession("rollback", name, opening, tools, async (session) => {
    const killed = await settleAbandonedRun(session);
    const image = await session.console.step("Image", async (step) => {
      const found = wanted === undefined ? await imageBefore(session) : await imageNamed(session, wanted);
      step.result(describeImage(found));
      return found;
    });
    return rollOut(session, image, { killed, yes: options.yes });
  });
  process.stdout.write(`${url}\n`);
}

async function imageBefore({ cloud, environment }: Session): Promise<ImageRecord> {
  const { ssm } = cloud.clients;
  const current = await publishedImage(ssm, environment);
  const history = await publishedBefore(ssm, environment);
  const images = await imageStore(cloud.clients, environment).list();
  const found = earlierImage(environment, history, images, current ?? "");
  if (found === undefined) {
    throw new Failure(
      `${environment.name}: there is no earlier image to go back to${current ? ` from ${current}` : ""}; npm run images -- ${environment.name} lists what there is`,
    );
  }
  return found;
}

/** The image of this id. @throws Failure when the project has none such that can be launched */
async function imageNamed({ cloud, environment }: Session, id: string): Promise<ImageRecord> {
  const images = await imageStore(cloud.clients, environment).list();
  const found = images.find((image) => image.id === id);
  if (found?.state !== "available") {
    const known = images.map((image) => image.id).join(", ") || "none";
    throw new Failure(
      `${environment.name}: ${found ? `the image ${id} is ${found.state}` : `there is no image ${id}`}; there are ${known}`,
    );
  }
  return found;
}
