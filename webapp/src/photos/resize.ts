import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { NotAPicture, TooLarge } from "../errors.ts";
import { VARIANTS, type Variant } from "./photos.ts";
import { MOST_PIXELS, NO_PICTURE, TOO_MANY_PIXELS } from "./resizing.ts";

/** A picture as it is kept: each variant as WebP. */
export type Variants = Readonly<Record<Variant, Buffer>>;

/** Longest time for one picture, in milliseconds. */
const DEADLINE = 30_000;

/** Beside this file as a source, beside the bundle in a release. */
const RESIZER = import.meta.url.endsWith(".ts") ? "./resizer.ts" : "./resizer.mjs";

let turn: Promise<unknown> = Promise.resolve();

/**
 * Makes the variants of a picture. It is decoded in a process of its own, without the app's environment: a picture that
 * is made to break the decoder breaks nothing else, and what it takes of memory is given back. One at a time, for a
 * large one takes as much memory as a small instance has to spare.
 * @throws TooLarge for too many pixels
 * @throws NotAPicture if it cannot be decoded
 */
export function resize(picture: Buffer): Promise<Variants> {
  const result = turn.then(() => run(picture));
  turn = result.catch(() => {});
  return result.then(split);
}

function run(picture: Buffer): Promise<Buffer> {
  const resizer = fileURLToPath(new URL(RESIZER, import.meta.url));
  return new Promise((resolve, reject) => {
    const options = { timeout: DEADLINE, killSignal: "SIGKILL", encoding: "buffer", env: {} } as const;
    const child = execFile(process.execPath, [resizer], options, (error, stdout, stderr) => {
      if (error === null) return resolve(stdout);
      if (error.code === TOO_MANY_PIXELS) {
        const most = MOST_PIXELS / 1_000_000;
        return reject(new TooLarge(`A photo may have at most ${most} million pixels.`));
      }
      // A signal ends it for want of time or memory, or by what the picture did to its decoder.
      if (error.code === NO_PICTURE || error.signal)
        return reject(new NotAPicture("The picture is broken; save it anew and send it again."));
      reject(new Error(`the picture's decoder failed: ${stderr.toString().trim() || error.code}`));
    });
    // It may end before it has read all.
    child.stdin?.on("error", () => {});
    child.stdin?.end(picture);
  });
}

function split(output: Buffer): Variants {
  let rest = output;
  const entries = Object.keys(VARIANTS).map((variant) => {
    const length = rest.readUInt32BE();
    const data = rest.subarray(4, 4 + length);
    rest = rest.subarray(4 + length);
    return [variant, data];
  });
  return Object.fromEntries(entries) as Variants;
}
