import { expect, jest, test } from "@jest/globals";
import sharp from "sharp";
import { resize } from "../../src/photos/resize.ts";
import { bomb, phonePicture, picture } from "./pictures.ts";

// Each picture starts a process.
jest.setTimeout(60_000);

/** Colour of a pixel: which of red and blue it has more of. */
async function colourAt(image: Buffer, left: number, top: number): Promise<string> {
  const [red = 0, , blue = 0] = await sharp(image)
    .extract({ left, top, width: 1, height: 1 })
    .removeAlpha()
    .raw()
    .toBuffer();
  return red > blue ? "red" : "blue";
}

test.each(["jpeg", "png", "webp"] as const)("a %s becomes two WebP pictures", async (format) => {
  const { large, small } = await resize(await picture(format));
  expect(await sharp(large).metadata()).toMatchObject({ format: "webp", width: 640, height: 320 });
  expect(await sharp(small).metadata()).toMatchObject({ format: "webp", width: 96, height: 48 });
  expect([await colourAt(large, 10, 100), await colourAt(large, 630, 100)]).toEqual(["red", "blue"]);
});

test("a small picture is not made larger", async () => {
  const { large, small } = await resize(await picture("png", 60, 40));
  expect(await sharp(large).metadata()).toMatchObject({ width: 60, height: 40 });
  expect(await sharp(small).metadata()).toMatchObject({ width: 60, height: 40 });
});

test("a picture stands as the camera was held, and says nothing of camera and place", async () => {
  const sent = await phonePicture();
  expect(sent.toString("latin1")).toContain("canary-camera");
  const { large, small } = await resize(sent);
  expect(await sharp(large).metadata()).toMatchObject({ width: 320, height: 640 });
  expect([await colourAt(large, 100, 10), await colourAt(large, 100, 630)]).toEqual(["red", "blue"]);
  for (const variant of [large, small]) {
    expect(variant.toString("latin1")).not.toContain("canary");
    const { exif, icc, xmp, orientation } = await sharp(variant).metadata();
    expect([exif, icc, xmp, orientation]).toEqual([undefined, undefined, undefined, undefined]);
  }
});

test("a few kilobytes that become a billion pixels are refused unread", async () => {
  const small = await bomb(30_000);
  expect(small.length).toBeLessThan(200_000);
  await expect(resize(small)).rejects.toMatchObject({
    name: "TooLarge",
    message: "A photo may have at most 30 million pixels.",
  });
});

test.each(["jpeg", "png", "webp"] as const)("a %s that was cut off is refused", async (format) => {
  const whole = await picture(format);
  const broken = { name: "NotAPicture", message: "The picture is broken; save it anew and send it again." };
  await expect(resize(whole.subarray(0, whole.length / 2))).rejects.toMatchObject(broken);
  await expect(resize(whole.subarray(0, 20))).rejects.toMatchObject(broken);
});

test.each([
  ["gif", () => picture("gif")],
  ["tiff", () => picture("tiff")],
  ["svg", async () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')],
])("a %s is not even tried", async (_format, make) => {
  await expect(resize(await make())).rejects.toMatchObject({ name: "NotAPicture" });
});

test("pictures that come together are made one after the other, and a broken one holds up none", async () => {
  const sent = [await picture("png"), Buffer.from("none"), await picture("jpeg")];
  const results = await Promise.allSettled(sent.map(resize));
  expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
});
