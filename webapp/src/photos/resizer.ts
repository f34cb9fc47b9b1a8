/**
 * A program of its own: reads a picture from standard input and writes it in the size of each variant to standard
 * output, as WebP, each with its length before it. Exit codes: see resizing.ts. See resize.ts for why it is a process.
 */
import { buffer } from "node:stream/consumers";
import sharp from "sharp";
import { VARIANTS } from "./photos.ts";
import { MOST_PIXELS, NO_PICTURE, TOO_MANY_PIXELS } from "./resizing.ts";

/** Of all that the library reads, only this is let at what strangers send. */
const LOADERS = ["Jpeg", "Png", "Webp"].map((format) => `VipsForeignLoad${format}Buffer`);

sharp.block({ operation: ["VipsForeignLoad"] });
sharp.unblock({ operation: LOADERS });
sharp.cache(false);
sharp.concurrency(1);

const picture = await buffer(process.stdin);
try {
  const { width, height } = await sharp(picture, { limitInputPixels: false }).metadata();
  if (width * height > MOST_PIXELS) process.exit(TOO_MANY_PIXELS);
  process.stdout.write(await variantsOf(picture));
} catch (error) {
  process.stderr.write((error as Error).message);
  process.exitCode = NO_PICTURE;
}

/** Decoded once; the picture stands as its camera was held, and says nothing of place and time. */
async function variantsOf(data: Buffer): Promise<Buffer> {
  const options = { limitInputPixels: MOST_PIXELS, failOn: "error", sequentialRead: true } as const;
  const { data: pixels, info } = await sharp(data, options)
    .autoOrient()
    .resize({ width: VARIANTS.large, height: VARIANTS.large, fit: "inside", withoutEnlargement: true })
    .toColourspace("srgb")
    .raw()
    .toBuffer({ resolveWithObject: true });
  const parts: Buffer[] = [];
  for (const side of Object.values(VARIANTS)) {
    const variant = await sharp(pixels, { raw: info })
      .resize({ width: side, height: side, fit: "inside", withoutEnlargement: true })
      .webp({ quality: 82 })
      .toBuffer();
    const length = Buffer.alloc(4);
    length.writeUInt32BE(variant.length);
    parts.push(length, variant);
  }
  return Buffer.concat(parts);
}
