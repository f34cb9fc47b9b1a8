import { expect, test } from "@jest/globals";
import { buildApp } from "../../src/app.ts";
import { PhotosUnavailable } from "../../src/errors.ts";
import { memoryEmployees, person } from "../memory-employees.ts";
import { memoryEntries } from "../memory-entries.ts";
import { memoryPhotos, PICTURE } from "../memory-photos.ts";

const ID = "0b2c3d4e-5f60-4718-8293-a4b5c6d7e8f9";
const PHOTO = `/api/employees/${ID}/photo`;

function directory({ photos: hasPhotos = true } = {}) {
  const employees = memoryEmployees(person("Ada", { id: ID }));
  const photos = memoryPhotos(employees);
  const app = buildApp({
    entries: memoryEntries(),
    employees,
    ...(hasPhotos && { photos }),
    stopping: () => false,
    probe: async () => {},
  });
  const put = (payload: Buffer, headers: Record<string, string> = {}) =>
    app.inject({ method: "PUT", url: PHOTO, payload, headers });
  return { app, employees, photos, put };
}

test("a photo is put, shown for ever under a name of its own, put again and taken away", async () => {
  const { app, photos, put } = directory();
  const first = await put(PICTURE, { "content-type": "image/png" });
  expect(first.statusCode).toBe(200);
  const { photo } = first.json();
  const shown = await app.inject(`/photos/${photo}/small`);
  expect([shown.statusCode, shown.rawPayload]).toEqual([200, PICTURE]);
  expect(shown.headers).toMatchObject({
    "content-type": "image/webp",
    "content-length": String(PICTURE.length),
    "cache-control": "public, max-age=31536000, immutable",
    "x-content-type-options": "nosniff",
  });

  const second = await put(PICTURE, { "if-match": String(first.headers.etag) });
  expect(second.json().photo).not.toBe(photo);
  expect((await app.inject(`/photos/${photo}/small`)).statusCode).toBe(404);

  const none = await app.inject({ method: "DELETE", url: PHOTO });
  expect([none.statusCode, none.json().photo, photos.kept.size]).toEqual([200, null, 0]);
  expect((await app.inject({ method: "DELETE", url: PHOTO })).statusCode).toBe(200);
});

test("a photo that a browser has is not sent again", async () => {
  const { app, put } = directory();
  const { photo } = (await put(PICTURE)).json();
  const { etag } = (await app.inject(`/photos/${photo}/large`)).headers;
  const again = await app.inject({ url: `/photos/${photo}/large`, headers: { "if-none-match": `${etag}` } });
  expect([again.statusCode, again.body]).toEqual([304, ""]);
  const other = await app.inject({ url: `/photos/${photo}/small`, headers: { "if-none-match": `${etag}` } });
  expect(other.statusCode).toBe(200);
});

test.each(["application/json", "text/plain", "application/x-www-form-urlencoded", "image/svg+xml", ""])(
  "a picture that is called %j is taken for what it is",
  async (type) => {
    const { put } = directory();
    expect((await put(PICTURE, type ? { "content-type": type } : {})).statusCode).toBe(200);
    const lie = await put(Buffer.from('{"no": "picture"}'), { "content-type": "image/png" });
    expect([lie.statusCode, lie.headers["content-type"]]).toEqual([
      415,
      "application/problem+json; charset=utf-8",
    ]);
  },
);

test("no body at all is no picture", async () => {
  const { app } = directory();
  expect((await app.inject({ method: "PUT", url: PHOTO })).statusCode).toBe(415);
});

test("more than 5 MB are refused, announced or not", async () => {
  const { put } = directory();
  const large = Buffer.concat([PICTURE, Buffer.alloc(5 * 1024 * 1024)]);
  const announced = await put(large);
  expect([announced.statusCode, announced.json().detail]).toEqual([413, "A photo may have at most 5 MB."]);
});

test("a photo of nobody, or for somebody changed meanwhile, is refused", async () => {
  const { app, put, photos } = directory();
  expect((await put(PICTURE, { "if-match": '"other"' })).statusCode).toBe(412);
  const nobody = PHOTO.replace("0b2c", "1b2c");
  const response = await app.inject({ method: "PUT", url: nobody, payload: PICTURE });
  expect([response.statusCode, photos.kept.size]).toEqual([404, 0]);
});

test("a deleted employee's photo goes too", async () => {
  const { app, put, photos } = directory();
  await put(PICTURE);
  await app.inject({ method: "DELETE", url: `/api/employees/${ID}` });
  expect(photos.kept.size).toBe(0);
});

test("without a bucket the answer says that there are no photos", async () => {
  const { app, put } = directory({ photos: false });
  const response = await put(PICTURE);
  expect([response.statusCode, response.json().detail]).toEqual([
    404,
    "This directory keeps no photos: there is no bucket for them (PHOTOS_BUCKET).",
  ]);
  expect((await app.inject(`/photos/${"a".repeat(22)}/small`)).statusCode).toBe(404);
});

test.each([
  "/photos/../../etc/passwd/small",
  "/photos/..%2f..%2fentries/small",
  `/photos/${"a".repeat(22)}/../small`,
  `/photos/${"a".repeat(22)}/..%2fsmall`,
  `/photos/${"a".repeat(22)}/medium`,
  `/photos/${"a".repeat(22)}/constructor`,
  `/photos/${"a".repeat(23)}/small`,
])("%s is a 404", async (url) => {
  expect((await directory().app.inject(url)).statusCode).toBe(404);
});

test("a name of a photo with a NUL in it is a 400", async () => {
  const { statusCode } = await directory().app.inject(`/photos/${"a".repeat(22)}%00/small`);
  expect(statusCode).toBe(400);
});

test("a photo has no other methods, and what is wrong with its address is told as a problem", async () => {
  const { app } = directory();
  const url = `/photos/${"a".repeat(22)}/small`;
  const { statusCode, headers } = await app.inject({ method: "DELETE", url });
  expect([statusCode, headers.allow]).toEqual([405, "GET, HEAD"]);
  for (const wrong of ["/photos/%ff/small", `/photos/${"a".repeat(200)}/small`, "/photos/nowhere", url]) {
    const answer = await app.inject(wrong);
    expect([wrong, answer.headers["content-type"]]).toEqual([
      wrong,
      "application/problem+json; charset=utf-8",
    ]);
  }
});

test("while the photos are away the answer is 503, with when to try again", async () => {
  const { put, photos } = directory();
  photos.failure = new PhotosUnavailable(new Error("connect ECONNREFUSED"));
  const response = await put(PICTURE);
  expect([response.statusCode, response.headers["retry-after"]]).toEqual([503, "5"]);
  expect(response.json().detail).toMatch(/^The photos cannot be reached/);
});
