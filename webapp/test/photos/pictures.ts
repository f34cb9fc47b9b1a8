import { crc32, deflateSync } from "node:zlib";
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
export function bomb(side: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header[8] = 1;
  const lines = deflateSync(Buffer.alloc(side * (1 + Math.ceil(side / 8))), { level: 9 });
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", header),
    chunk("IDAT", lines),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}
