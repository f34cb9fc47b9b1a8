import { CreateTagsCommand, DescribeImagesCommand, type EC2Client, type Image } from "@aws-sdk/client-ec2";
import type { Environment } from "../../config/environment.ts";

/** An image that the project made, as its tags describe it. */
export interface ImageRecord {
  readonly id: string;
  /** "pending", "available", "failed" …, in the words of EC2. */
  readonly state: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** The last commit of the app that is in it; "unknown" without the tag. */
  readonly commit: string;
  /** What it was made of: see cli/bake/digest.ts. */
  readonly digest: string | undefined;
  /** The environment that made it, and whose retention and destroy remove it. */
  readonly environment: string | undefined;
  /** What holds its bytes: snapshots of EBS, or the digest of a container image. */
  readonly snapshots: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
}

/** How the last rollout of an image in an environment ended. */
export type Verdict = "good" | "failed";

/** All images of a project in this account and region, the newest first. */
export async function projectImages(ec2: EC2Client, project: string): Promise<ImageRecord[]> {
  const { Images = [] } = await ec2.send(
    new DescribeImagesCommand({ Owners: ["self"], Filters: [{ Name: "tag:Project", Values: [project] }] }),
  );
  return Images.map(toRecord).sort(newestFirst);
}

/** The order in which images are listed; those of one moment by their ids. */
export function newestFirst(a: ImageRecord, b: ImageRecord): number {
  return b.createdAt - a.createdAt || (a.id < b.id ? -1 : 1);
}

/** The image with this id, if it is one of the project. */
export async function projectImage(
  ec2: EC2Client,
  project: string,
  id: string,
): Promise<ImageRecord | undefined> {
  return (await projectImages(ec2, project)).find((image) => image.id === id);
}

/** How the image did in an environment; undefined when it was never rolled out to its end there. */
export function verdictOf(image: ImageRecord, environment: Pick<Environment, "name">): Verdict | undefined {
  const verdict = image.tags[verdictTag(environment)];
  return verdict === "good" || verdict === "failed" ? verdict : undefined;
}

/** Keeps on the image how it did in an environment. */
export async function markImage(
  ec2: EC2Client,
  environment: Pick<Environment, "name">,
  id: string,
  verdict: Verdict,
): Promise<void> {
  await ec2.send(
    new CreateTagsCommand({ Resources: [id], Tags: [{ Key: verdictTag(environment), Value: verdict }] }),
  );
}

/** "ami-1 (commit 4783ee10b3d1)". */
export function describeImage(image: Pick<ImageRecord, "id" | "commit">): string {
  return `${image.id} (commit ${shortCommit(image.commit)})`;
}

/** "4783ee10b3d1", or "4783ee10b3d1-dirty" when the app had changes that are in no commit. */
export function shortCommit(commit: string): string {
  return commit.replace(/^([0-9a-f]{12})[0-9a-f]*/, "$1");
}

/** One tag for each environment: the same image may do well in one and badly in another. */
export function verdictTag({ name }: Pick<Environment, "name">): string {
  return `Rollout:${name}`;
}

function toRecord(image: Image): ImageRecord {
  const tags = Object.fromEntries((image.Tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value]));
  return {
    id: image.ImageId ?? "",
    state: image.State ?? "",
    createdAt: Date.parse(image.CreationDate ?? "") || 0,
    commit: tags.Commit ?? "unknown",
    digest: tags.ImageDigest,
    environment: tags.Environment,
    snapshots: (image.BlockDeviceMappings ?? []).flatMap(({ Ebs }) => Ebs?.SnapshotId ?? []),
    tags,
  };
}
