import { CreateRepositoryCommand, PutImageCommand } from "@aws-sdk/client-ecr";
import { repositoryName } from "../../config/names.ts";
import type { Step } from "../console.ts";
import { containerTag } from "../images/container-images.ts";
import { type ImageRecord, shortCommit } from "../images/record.ts";
import { imageStore } from "../images/store.ts";
import type { Release } from "../release/build.ts";
import type { Session } from "../session.ts";
import { buildAndPush } from "./container-build.ts";
import { imageDigest } from "./digest.ts";

/**
 * The container image of a release: the one that is there, or a new one. On AWS it is built and pushed by the builder
 * of this machine. The twin runs the release that the tag names, so there the image is its record alone.
 *
 * @throws Failure when there is no builder, or it fails
 */
export async function ensureContainer(
  session: Session,
  release: Release,
  step: Step,
): Promise<{ image: ImageRecord; made: boolean }> {
  const { cloud, environment, settings } = session;
  const store = imageStore(cloud.clients, environment);
  const digest = await imageDigest({ root: settings.root, kind: "container", release: release.sha256 });
  const tag = containerTag({ commit: shortCommit(release.commit), digest, release: release.sha256 });
  const known = (await store.list()).find(({ id }) => id === tag);
  if (known !== undefined) return { image: known, made: false };
  await ensureRepository(session);
  if (cloud.twin === undefined) await buildAndPush(session, { release, tag }, step);
  else await putRecord(session, release, tag);
  const image = (await store.list()).find(({ id }) => id === tag);
  if (image === undefined) throw new Error(`ECR does not list the image ${tag} that was just put there`);
  return { image, made: true };
}

/** One for the project; a tag in it never becomes another image. About $0.10 per GB and month. */
async function ensureRepository({ cloud, environment }: Session): Promise<void> {
  try {
    await cloud.clients.ecr.send(
      new CreateRepositoryCommand({
        repositoryName: repositoryName(environment),
        imageTagMutability: "IMMUTABLE",
        imageScanningConfiguration: { scanOnPush: true },
        tags: [{ Key: "Project", Value: environment.project }],
      }),
    );
  } catch (error) {
    if ((error as Error).name !== "RepositoryAlreadyExistsException") throw error;
  }
}

async function putRecord({ cloud, environment }: Session, release: Release, tag: string): Promise<void> {
  const mediaType = "application/vnd.oci.image.manifest.v1+json";
  const manifest = {
    schemaVersion: 2,
    mediaType,
    config: {
      mediaType: "application/vnd.oci.image.config.v1+json",
      digest: `sha256:${release.sha256}`,
      size: 0,
    },
    layers: [],
    annotations: {
      "org.opencontainers.image.revision": release.commit,
      "org.opencontainers.image.ref.name": tag,
    },
  };
  await cloud.clients.ecr.send(
    new PutImageCommand({
      repositoryName: repositoryName(environment),
      imageManifest: JSON.stringify(manifest),
      imageManifestMediaType: mediaType,
      imageTag: tag,
    }),
  );
}
