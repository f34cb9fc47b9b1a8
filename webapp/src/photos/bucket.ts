import type { Readable } from "node:stream";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from "@aws-sdk/client-s3";
import { AWS_CLIENT, isPassing } from "../aws-client.ts";
import { PhotosUnavailable } from "../errors.ts";
import { type StoredPhoto, VARIANTS, type Variant } from "./photos.ts";
import type { Variants } from "./resize.ts";

/** Where the pictures are. Every method rejects with PhotosUnavailable while that does not answer. */
export interface PhotoBucket {
  /** Writes all variants, one after the other. */
  put(name: string, variants: Variants): Promise<void>;
  get(name: string, variant: Variant): Promise<StoredPhoto | undefined>;
  /** Removes all variants, whichever are there. */
  remove(name: string): Promise<void>;
}

const variants = Object.keys(VARIANTS) as Variant[];

/** Pictures in S3, as `photos/<name>/<variant>.webp`. */
export function s3Bucket(bucket: string, region: string): PhotoBucket {
  const client = new S3Client({ region, ...AWS_CLIENT });
  const object = (name: string, variant: Variant) => ({
    Bucket: bucket,
    Key: `photos/${name}/${variant}.webp`,
  });
  return {
    // Not at once: of two that are on their way one may fail, be cleaned up after, and the other arrive then.
    put: (name, pictures) =>
      known(async () => {
        for (const variant of variants) {
          const content = { Body: pictures[variant], ContentType: "image/webp" };
          await client.send(new PutObjectCommand({ ...object(name, variant), ...content }));
        }
      }),

    get: (name, variant) =>
      known(async () => {
        try {
          const { Body, ContentLength = 0 } = await client.send(new GetObjectCommand(object(name, variant)));
          return { type: "image/webp", length: ContentLength, body: Body as Readable };
        } catch (error) {
          if (isAbsent(error)) return undefined;
          throw error;
        }
      }),

    remove: (name) =>
      known(async () => {
        for (const variant of variants) await client.send(new DeleteObjectCommand(object(name, variant)));
      }),
  };
}

/** S3 tells who may not list a bucket of an object that is not there only that it is forbidden. */
function isAbsent(error: unknown): boolean {
  return error instanceof S3ServiceException && [403, 404].includes(error.$metadata.httpStatusCode ?? 0);
}

async function known<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw isPassing(error) ? new PhotosUnavailable(error) : error;
  }
}
