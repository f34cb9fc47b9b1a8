import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { NotAPicture, TooLarge } from "../src/errors.ts";
import { LARGEST_UPLOAD, type Photos, TOO_LARGE } from "../src/photos/photos.ts";
import type { MemoryEmployees } from "./memory-employees.ts";

/** Photos in memory, for tests: whatever begins as a JPEG, PNG or WebP does is a picture, and is kept as it came. */
export interface MemoryPhotos extends Photos {
  /** What is kept, by name. */
  readonly kept: Map<string, Buffer>;
  /** Makes every method but `forget` reject with it. */
  failure: Error | undefined;
}

/** The least that these photos take for a picture. */
export const PICTURE = Buffer.from("\x89PNG\r\n\x1a\n a picture", "latin1");

const BEGINNINGS = [/^\xff\xd8\xff/, /^\x89PNG\r\n/, /^RIFF.{4}WEBP/s];

export function memoryPhotos(employees: MemoryEmployees): MemoryPhotos {
  const kept = new Map<string, Buffer>();
  const photos: MemoryPhotos = {
    kept,
    failure: undefined,
    async set(id, upload, isExpected) {
      const picture = await buffer(upload);
      if (photos.failure) throw photos.failure;
      if (picture.length > LARGEST_UPLOAD) throw new TooLarge(TOO_LARGE);
      const beginning = picture.subarray(0, 16).toString("latin1");
      if (!BEGINNINGS.some((known) => known.test(beginning)))
        throw new NotAPicture("A photo must be a JPEG, PNG or WebP picture.");
      const name = randomBytes(16).toString("base64url");
      const former = (await employees.get(id))?.photo;
      const changed = employees.setPhoto(id, name, isExpected);
      if (changed) kept.set(name, picture);
      if (changed && former) kept.delete(former);
      return changed;
    },
    async clear(id, isExpected) {
      if (photos.failure) throw photos.failure;
      const former = (await employees.get(id))?.photo;
      const changed = employees.setPhoto(id, null, isExpected);
      if (changed && former) kept.delete(former);
      return changed;
    },
    async forget({ photo }) {
      if (photo !== null) kept.delete(photo);
    },
    async open(name) {
      if (photos.failure) throw photos.failure;
      const picture = kept.get(name);
      return picture && { type: "image/webp", length: picture.length, body: Readable.from([picture]) };
    },
  };
  return photos;
}
