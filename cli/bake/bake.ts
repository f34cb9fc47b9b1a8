import { ModifyImageAttributeCommand } from "@aws-sdk/client-ec2";
import type { Step } from "../console.ts";
import { Failure } from "../errors.ts";
import { takeBackImage } from "../images/removal.ts";
import type { Release } from "../release/build.ts";
import type { Session } from "../session.ts";
import { type PackerVariables, packerBuild } from "./packer.ts";
import { requireBakeTools } from "./requirements.ts";
import { bakeOnStandIn } from "./stand-in-bake.ts";
import type { ImageTags } from "./tags.ts";

/**
 * Bakes an image by Packer and Ansible: on an instance of AWS, or on a stand-in on this machine where the cloud is the
 * twin. What a failed bake had made is removed by Packer.
 *
 * @returns the id of the image
 */
export async function bakeByPacker(
  session: Session,
  release: Release,
  tags: ImageTags,
  step: Step,
): Promise<string> {
  const standIn = session.cloud.twin !== undefined;
  await requireBakeTools(standIn, step);
  const variables: PackerVariables = {
    project: tags.Project,
    environment: tags.Environment,
    region: session.environment.region,
    commit: tags.Commit,
    release_archive: release.path,
    release_digest: tags.ReleaseDigest,
    image_digest: tags.ImageDigest,
    ...(session.settings.bakeProxy && { bake_proxy: session.settings.bakeProxy }),
  };
  const image = standIn
    ? await bakeOnStandIn(session, variables, step)
    : await packerBuild(session, { ...variables, family: "al2023" }, step);
  await requireToken(session, image);
  return image;
}

/**
 * Makes IMDSv2 the only metadata service of what is launched from the image, unless the launch says otherwise. Packer
 * can set it from 1.8 on; Debian's is older.
 */
async function requireToken(session: Session, image: string): Promise<void> {
  try {
    await session.cloud.clients.ec2.send(
      new ModifyImageAttributeCommand({ ImageId: image, ImdsSupport: { Value: "v2.0" } }),
    );
  } catch (error) {
    await takeBackImage(session.cloud.clients, session.environment, image);
    throw new Failure(
      `the image ${image} cannot be made to ask for IMDSv2, so it was removed: ${(error as Error).message}`,
    );
  }
}
