import { CreateTagsCommand, DeleteSnapshotCommand, DeregisterImageCommand } from "@aws-sdk/client-ec2";
import type { Environment } from "../../config/environment.ts";
import { imageTagParameterName } from "../../config/names.ts";
import type { Clients } from "../cloud.ts";
import { ContainerImages } from "./container-images.ts";
import { imageUsers, removable } from "./graph.ts";
import { publishedIn, unpublish } from "./published.ts";
import { type ImageRecord, projectImage, projectImages, verdictOf } from "./record.ts";
import { readReferences } from "./references.ts";
import { KEPT_IMAGES } from "./retention.ts";

/** Removes the images of an environment that are too old and that nothing refers to. @returns the removed ones */
export async function removeOldImages(
  clients: Clients,
  environment: Environment,
  keep = KEPT_IMAGES,
): Promise<ImageRecord[]> {
  const own = await ownImages(clients, environment);
  const candidates = own.map(({ id, createdAt, ...image }) => ({
    id,
    createdAt,
    failed: verdictOf({ id, createdAt, ...image }, environment) === "failed",
  }));
  if (candidates.length <= keep) return [];
  const ids = removable(candidates, await readReferences(clients, environment.project), keep);
  const old = own.filter(({ id }) => ids.includes(id));
  for (const image of old) await removeImage(clients, image);
  return old;
}

/** An image that stays when its environment goes. */
export interface KeptImage {
  readonly id: string;
  /** Whose it is from now on. */
  readonly environment: string;
}

/**
 * Removes what the bake made for an environment outside Terraform: images, their snapshots, the parameter. An image
 * that another environment uses stays, and is that one's from then on.
 */
export async function removeImagesOf(
  clients: Clients,
  environment: Environment,
): Promise<{ removed: number; kept: KeptImage[] }> {
  const history = await publishedIn(clients.ssm, imageTagParameterName(environment));
  await unpublish(clients.ssm, environment);
  const users = imageUsers(await readReferences(clients, environment.project));
  const kept: KeptImage[] = [];
  let removed = await new ContainerImages(clients, environment).removeAll(history);
  for (const image of await ownImages(clients, environment)) {
    const other = users
      .get(image.id)
      ?.map((user) => user.environment)
      .find((name) => name !== undefined && name !== environment.name);
    if (other === undefined) {
      await removeImage(clients, image);
      removed++;
    } else {
      await handOver(clients, image, other);
      kept.push({ id: image.id, environment: other });
    }
  }
  return { removed, kept };
}

async function ownImages(clients: Clients, environment: Environment): Promise<ImageRecord[]> {
  const images = await projectImages(clients.ec2, environment.project);
  return images.filter((image) => image.environment === environment.name);
}

async function handOver({ ec2 }: Clients, image: ImageRecord, environment: string): Promise<void> {
  const Resources = [image.id, ...image.snapshots];
  await ec2.send(new CreateTagsCommand({ Resources, Tags: [{ Key: "Environment", Value: environment }] }));
}

/** Removes an image that a bake has made and that turned out not to be usable. */
export async function takeBackImage(
  { ec2 }: Pick<Clients, "ec2">,
  { project }: Pick<Environment, "project">,
  id: string,
): Promise<void> {
  const image = await projectImage(ec2, project, id);
  if (image !== undefined) await removeImage({ ec2 }, image);
}

/** Deregistering an image leaves its snapshots: they cost money and are found by the image only. */
async function removeImage({ ec2 }: Pick<Clients, "ec2">, image: ImageRecord): Promise<void> {
  await ec2.send(new DeregisterImageCommand({ ImageId: image.id }));
  for (const SnapshotId of image.snapshots) await ec2.send(new DeleteSnapshotCommand({ SnapshotId }));
}
