import {
  CreateBucketCommand,
  type CreateBucketCommandInput,
  HeadBucketCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutPublicAccessBlockCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import type { Environment } from "../config/environment.ts";
import { stateBucketName, stateKey } from "../config/names.ts";
import { Failure } from "./errors.ts";

/** Days an earlier version of a state is kept. */
const KEEP_VERSIONS_DAYS = 90;

/** The bucket and key of an environment's Terraform state, as the stack's own backend block names them. */
export function stateLocation(environment: Environment): { bucket: string; key: string } {
  return { bucket: stateBucketName(environment), key: stateKey(environment) };
}

/** Whether the state bucket is there. */
export async function stateBucketExists(s3: S3Client, bucket: string): Promise<boolean> {
  try {
    await s3.send(new HeadBucketCommand({ Bucket: bucket }));
    return true;
  } catch (error) {
    const { name } = error as Error;
    if (name === "NotFound" || name === "NoSuchBucket") return false;
    throw new Failure(
      `the state bucket ${bucket} cannot be reached (${name}): it may belong to another account`,
    );
  }
}

/**
 * Makes the state bucket if it is not there, and sets what a state needs each time: versions, encryption, no
 * public access, old versions gone after 90 days. A bootstrap that was stopped half-way is so completed.
 *
 * @returns true when the bucket was made
 */
export async function ensureStateBucket(s3: S3Client, environment: Environment): Promise<boolean> {
  const { bucket } = stateLocation(environment);
  const made = !(await stateBucketExists(s3, bucket));
  if (made) await s3.send(new CreateBucketCommand(creation(bucket, environment.region)));
  await s3.send(
    new PutPublicAccessBlockCommand({
      Bucket: bucket,
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    }),
  );
  await s3.send(
    new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration: { Status: "Enabled" } }),
  );
  await s3.send(
    new PutBucketEncryptionCommand({
      Bucket: bucket,
      ServerSideEncryptionConfiguration: {
        Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" } }],
      },
    }),
  );
  await s3.send(
    new PutBucketLifecycleConfigurationCommand({
      Bucket: bucket,
      LifecycleConfiguration: {
        Rules: [
          {
            ID: "expire-old-states",
            Status: "Enabled",
            Filter: { Prefix: "" },
            NoncurrentVersionExpiration: { NoncurrentDays: KEEP_VERSIONS_DAYS },
          },
        ],
      },
    }),
  );
  await s3.send(
    new PutBucketTaggingCommand({
      Bucket: bucket,
      Tagging: { TagSet: [{ Key: "Project", Value: environment.project }] },
    }),
  );
  return made;
}

/** us-east-1 is the one region that must not be named as a constraint. */
function creation(bucket: string, region: string): CreateBucketCommandInput {
  if (region === "us-east-1") return { Bucket: bucket };
  return {
    Bucket: bucket,
    CreateBucketConfiguration: {
      LocationConstraint: region as NonNullable<
        CreateBucketCommandInput["CreateBucketConfiguration"]
      >["LocationConstraint"] &
        string,
    },
  };
}
