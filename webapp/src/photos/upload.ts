import type { Readable } from "node:stream";
import { NotAPicture, Refused, TooLarge } from "../errors.ts";
import { LARGEST_UPLOAD, TOO_LARGE } from "./photos.ts";

/** What who sends something else is told. */
const NOT_A_PICTURE = "A photo must be a JPEG, PNG or WebP picture.";

/** How the pictures begin that are taken, as Latin-1. */
const BEGINNINGS = [/^\xff\xd8\xff/, /^\x89PNG\r\n/, /^RIFF.{4}WEBP/s];

/** As many bytes tell what a picture is. */
const ENOUGH = 12;

/**
 * Reads a picture to its end, or to the byte that is too much: what is not wanted is not kept. The rest is for the
 * caller to drop.
 * @throws TooLarge over LARGEST_UPLOAD bytes
 * @throws NotAPicture as soon as its beginning shows that it is none
 * @throws Refused if it is cut off
 */
export async function readUpload(upload: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  let isPicture = false;
  for await (const chunk of wholly(upload)) {
    chunks.push(Buffer.from(chunk));
    length += chunk.length;
    if (length > LARGEST_UPLOAD) throw new TooLarge(TOO_LARGE);
    if (isPicture || length < ENOUGH) continue;
    isPicture = beginsAsPicture(Buffer.concat(chunks));
    if (!isPicture) throw new NotAPicture(NOT_A_PICTURE);
  }
  if (!isPicture) throw new NotAPicture(NOT_A_PICTURE);
  return Buffer.concat(chunks);
}

/** The chunks of an upload. What fails about it is its sender's doing: it breaks off, or its form is none. */
async function* wholly(upload: Readable): AsyncGenerator<Buffer> {
  try {
    yield* upload.iterator({ destroyOnReturn: false });
  } catch {
    throw new Refused(400, "The photo was cut off on its way. Send it again.");
  }
}

function beginsAsPicture(data: Buffer): boolean {
  const beginning = data.subarray(0, ENOUGH).toString("latin1");
  return BEGINNINGS.some((known) => known.test(beginning));
}
