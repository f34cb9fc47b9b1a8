import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { crc32, createDeflate, deflateSync } from "node:zlib";
import sharp from "sharp";

const RED = { r: 220, g: 20, b: 20 };
const BLUE = { r: 20, g: 20, b: 220 };

/** A picture whose left half is red and whose right half is blue. */
function redAndBlue(width: number, height: number) {
  const half = { width: Math.floor(width / 2), height, channels: 3 } as const;
  return sharp({ create: { width, height, channels: 3, background: BLUE } }).composite([
    { input: { create: { ...half, background: RED } }, left: 0, top: 0 },
  ]);
}

/** Red on the left, blue on the right. */
export function picture(format: "jpeg" | "png" | "webp" | "gif" | "tiff", width = 800, height = 400) {
  return redAndBlue(width, height).toFormat(format).toBuffer();
}

/** A JPEG as a phone makes it when it is held upright: it lies on its side, says so, and says where it was taken. */
export function phonePicture(): Promise<Buffer> {
  return redAndBlue(800, 400)
    .withExif({ IFD0: { Make: "canary-camera", Orientation: "6" }, IFD3: { GPSLatitude: "52/1 31/1 0/1" } })
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer();
}

/** A few kilobytes that become `side` times `side` pixels. */
export async function bomb(side: number): Promise<Buffer> {
  return png(side, await deflatedZeros(side * (1 + Math.ceil(side / 8))));
}

/** A black pixel. */
export const PIXEL = png(1, deflateSync(Buffer.alloc(2)));

/** A PNG that says it has `side` times `side` pixels of one bit, with this data, and more chunks before it. */
export function png(side: number, data: Buffer, ...more: Buffer[]): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header[8] = 1;
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", header),
    ...more,
    chunk("IDAT", data),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/** So many zeros as small as they get, made without holding them all. */
export function deflatedZeros(length: number): Promise<Buffer> {
  const block = Buffer.alloc(1024 * 1024);
  function* blocks() {
    for (let rest = length; rest > 0; rest -= block.length) yield block.subarray(0, rest);
  }
  return buffer(Readable.from(blocks()).pipe(createDeflate({ level: 9 })));
}

/** A chunk of a PNG. */
export function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}
