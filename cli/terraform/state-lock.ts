import { hostname } from "node:os";
import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { Failure } from "../errors.ts";
import type { TerraformRun } from "./run.ts";
import type { Stack } from "./stack.ts";

/** What Terraform writes into the lock object beside a state in S3. */
interface StateLock {
  readonly ID: string;
  readonly Who: string;
  readonly Operation: string;
  readonly Created: string;
}

/**
 * Looks whether somebody holds the lock on a state before Terraform finds out the long way.
 *
 * A lock that a run of this checkout left when it was killed is given back; any other is refused with its holder
 * and the command that breaks it.
 *
 * @param killed the run of this checkout that ended without a record of its end, if there is one
 */
export async function clearStateLock(
  s3: S3Client,
  state: { bucket: string; key: string },
  stack: Stack,
  killed: TerraformRun | undefined,
): Promise<"free" | "cleared"> {
  const lock = await readLock(s3, state);
  if (lock === undefined) return "free";
  const here = lock.Who.endsWith(`@${hostname()}`);
  if (here && killed !== undefined && Date.parse(lock.Created) >= Date.parse(killed.since) - 1000) {
    await stack.forceUnlock(lock.ID);
    return "cleared";
  }
  throw new Failure(
    `the state s3://${state.bucket}/${state.key} is locked by ${lock.Who} (${lock.Operation}, since ${lock.Created}); wait until that ends, or if it is dead: terraform -chdir=${stack.folder} force-unlock ${lock.ID}`,
  );
}

async function readLock(
  s3: S3Client,
  state: { bucket: string; key: string },
): Promise<StateLock | undefined> {
  try {
    const object = await s3.send(new GetObjectCommand({ Bucket: state.bucket, Key: `${state.key}.tflock` }));
    return JSON.parse((await object.Body?.transformToString()) ?? "") as StateLock;
  } catch (error) {
    const name = (error as Error).name;
    if (name === "NoSuchKey" || name === "NoSuchBucket" || name === "NotFound") return undefined;
    throw error;
  }
}
