import { Readable } from "node:stream";
import { expect, test } from "@jest/globals";
import { readUpload } from "../../src/photos/upload.ts";
import { PIXEL } from "./pictures.ts";

test("an upload that breaks off is its sender's doing, and no error of the app's", async () => {
  async function* broken() {
    yield PIXEL;
    throw new Error("aborted");
  }
  await expect(readUpload(Readable.from(broken()))).rejects.toMatchObject({
    statusCode: 400,
    message: "The photo was cut off on its way. Send it again.",
  });
});

test("a picture is read to its end", async () => {
  expect(await readUpload(Readable.from([PIXEL.subarray(0, 20), PIXEL.subarray(20)]))).toEqual(PIXEL);
});
