import { setTimeout as wait } from "node:timers/promises";
import { addRelease } from "../../twin/client.ts";
import type { Step } from "../console.ts";
import { Failure } from "../errors.ts";
import { type ImageRecord, projectImage, projectImages } from "../images/record.ts";
import type { Release } from "../release/build.ts";
import type { Session } from "../session.ts";
import { bakeByPacker } from "./bake.ts";
import { ensureContainer } from "./container.ts";
import { type ImageKind, imageDigest } from "./digest.ts";
import { registerReleaseImage } from "./release-image.ts";
import { imageTags } from "./tags.ts";

/** After a bake EC2 may not list the new image at once. */
const LIST_LIMIT_MS = 60_000;
const LIST_PAUSE_MS = 1000;

/**
 * The image with exactly this content: the one that is there, of whatever environment of the account, or a new one.
 *
 * @param options.baked on the twin: an operating system that boots, baked by Packer, instead of the release alone;
 *   nothing for an environment of tasks
 * @throws Failure when it cannot be made
 */
export async function ensureImage(
  session: Session,
  release: Release,
  options: { baked: boolean },
  step: Step,
): Promise<{ image: ImageRecord; made: boolean }> {
  const { cloud, environment, settings } = session;
  const { clients, twin } = cloud;
  if (environment.compute.fargate && options.baked) {
    throw new Failure(`${environment.name} runs tasks, which have no AMI to bake; leave --baked out`);
  }
  if (twin !== undefined) await addRelease(twin.stateDir, release.path, release.sha256);
  if (environment.compute.fargate) return ensureContainer(session, release, step);
  const kind: ImageKind = twin === undefined ? "aws" : options.baked ? "stand-in" : "release";
  const digest = await imageDigest({ root: settings.root, kind, release: release.sha256 });
  const known = (await projectImages(clients.ec2, environment.project)).find(
    (image) => image.digest === digest && image.state === "available",
  );
  if (known !== undefined) return { image: known, made: false };
  const tags = imageTags(environment, release, digest);
  const id =
    kind === "release"
      ? await registerReleaseImage(clients, environment, release, tags)
      : await bakeByPacker(session, release, tags, step);
  return { image: await untilListed(session, id), made: true };
}

async function untilListed({ cloud, environment }: Session, id: string): Promise<ImageRecord> {
  const deadline = Date.now() + LIST_LIMIT_MS;
  for (;;) {
    const image = await projectImage(cloud.clients.ec2, environment.project, id);
    if (image?.state === "available") return image;
    if (Date.now() > deadline) {
      throw new Failure(
        `the image ${id} was made but EC2 does not list it as available (${image?.state ?? "not at all"}); look at aws ec2 describe-images --image-ids ${id}, then run this again`,
      );
    }
    await wait(LIST_PAUSE_MS);
  }
}
