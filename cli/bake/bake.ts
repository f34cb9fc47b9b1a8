import type { Step } from "../console.ts";
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
  };
  return standIn
    ? bakeOnStandIn(session, variables, step)
    : packerBuild(session, { ...variables, family: "al2023" }, step);
}
