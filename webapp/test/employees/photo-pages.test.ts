import { once } from "node:events";
import { Agent, type IncomingMessage, request } from "node:http";
import { setImmediate } from "node:timers/promises";
import { expect, test } from "@jest/globals";
import { buildApp } from "../../src/app.ts";
import { NotAPicture, PhotosUnavailable } from "../../src/errors.ts";
import { LARGEST_UPLOAD } from "../../src/photos/photos.ts";
import { readUpload } from "../../src/photos/upload.ts";
import { fileForm, form, tagIn } from "../forms.ts";
import { memoryEmployees, person } from "../memory-employees.ts";
import { memoryEntries } from "../memory-entries.ts";
import { memoryPhotos, PICTURE } from "../memory-photos.ts";

function directory() {
  const employee = person("Ada Lovelace");
  const employees = memoryEmployees(employee);
  const photos = memoryPhotos(employees);
  const entries = memoryEntries();
  const app = buildApp({ entries, employees, photos, stopping: () => false, probe: async () => {} });
  return {
    app,
    photos,
    employee,
    url: `/employees/${employee.id}`,
    photoUrl: `/employees/${employee.id}/photo`,
  };
}

const picture = (data: Uint8Array<ArrayBuffer> = new Uint8Array(PICTURE), type = "image/png") =>
  new File([data], "ada.png", { type });

test("a photo is sent by a form, shown on every page of its employee, and taken away", async () => {
  const { app, photos, employee, url, photoUrl } = directory();
  expect((await app.inject(url)).body).toContain(`href="${photoUrl}"`);
  const page = (await app.inject(photoUrl)).body;
  expect(page).toMatch(/enctype="multipart\/form-data"[\s\S]*accept="image\/jpeg,image\/png,image\/webp"/);
  const sent = await app.inject(await fileForm(photoUrl, picture(), { tag: tagIn(page) }));
  expect([sent.statusCode, sent.headers.location]).toEqual([303, url]);
  expect(photos.kept.get(employee.photo ?? "")).toEqual(PICTURE);

  expect((await app.inject("/employees")).body).toContain(`src="/photos/${employee.photo}/small" alt=""`);
  const profile = (await app.inject(url)).body;
  expect(profile).toContain(`src="/photos/${employee.photo}/large" alt="Photo of Ada Lovelace"`);
  const removal = form(`${photoUrl}/delete`, { tag: tagIn((await app.inject(photoUrl)).body) });
  expect((await app.inject(removal)).headers.location).toBe(url);
  expect([photos.kept.size, employee.photo]).toEqual([0, null]);
});

test("the photo goes with its employee", async () => {
  const { app, photos, url, photoUrl } = directory();
  await app.inject(await fileForm(photoUrl, picture()));
  expect(photos.kept.size).toBe(1);
  await app.inject(form(`${url}/delete`, {}));
  expect(photos.kept.size).toBe(0);
});

const tooLarge = new Uint8Array(LARGEST_UPLOAD + 1);
tooLarge.set(PICTURE);
test.each([
  ["too large", 413, "A photo may have at most 5 MB.", picture(tooLarge)],
  [
    "a text that calls itself a picture",
    415,
    "A photo must be a JPEG, PNG or WebP picture.",
    picture(new TextEncoder().encode("<svg onload=x>"), "image/jpeg"),
  ],
  ["empty", 415, "A photo must be a JPEG, PNG or WebP picture.", picture(new Uint8Array())],
  ["not chosen", 400, "Choose a picture first", new File([], "", { type: "application/octet-stream" })],
])("a file that is %s is refused beside its field", async (_, status, problem, file) => {
  const { app, photos, photoUrl } = directory();
  const { statusCode, body } = await app.inject(await fileForm(photoUrl, file));
  expect(statusCode).toBe(status);
  expect(body).toContain(`<a href="#photo">${problem}</a>`);
  expect(body).toMatch(/aria-describedby="photo-hint photo-problem" aria-invalid="true"/);
  expect(body).toMatch(new RegExp(`id="photo-problem"[\\s\\S]*${problem}`));
  expect(photos.kept.size).toBe(0);
});

test("a file as large as is allowed is taken", async () => {
  const { app, photos, photoUrl } = directory();
  expect((await app.inject(await fileForm(photoUrl, picture(tooLarge.slice(0, -1))))).statusCode).toBe(303);
  expect(photos.kept.size).toBe(1);
});

test("a file that is refused at its first bytes is answered, however much is still to come", async () => {
  const { app, photos, photoUrl } = directory();
  photos.set = async (_id, upload) => {
    for await (const _ of upload) throw new NotAPicture("This is no picture.");
    return undefined;
  };
  const { statusCode, body } = await app.inject(await fileForm(photoUrl, picture(tooLarge)));
  expect([statusCode, body.includes('<a href="#photo">This is no picture.</a>')]).toEqual([415, true]);
});

test("a file that nobody reads leaves the connection fit for the next request", async () => {
  const { app, photos, photoUrl } = directory();
  photos.set = async () => undefined;
  const { port } = new URL(await app.listen({ port: 0, host: "127.0.0.1" }));
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const ask = async (path: string, method = "GET", headers = {}, body?: Buffer) => {
    const asking = request({ agent, port, path, method, headers }).end(body);
    const [response] = (await once(asking, "response")) as [IncomingMessage];
    await once(response.resume(), "end");
    return response.statusCode;
  };
  const { headers, payload } = await fileForm(photoUrl, picture(tooLarge));
  expect(await ask(photoUrl, "POST", headers, payload)).toBe(404);
  expect(await ask("/healthz")).toBe(200);
  agent.destroy();
  await app.close();
});

test("a form that breaks off before its file is read is a 400 page, and ends nothing else", async () => {
  const { app, photos, photoUrl } = directory();
  photos.set = async (_id, upload) => {
    // As while the employee is looked for.
    await setImmediate();
    await readUpload(upload);
    return undefined;
  };
  const { payload, ...request } = await fileForm(photoUrl, picture());
  for (const end of [-60, -20]) {
    const { statusCode } = await app.inject({ ...request, payload: payload.subarray(0, end) });
    expect(statusCode).toBe(400);
  }
  for (const type of ["multipart/form-data", "multipart/form-data; boundary=other"]) {
    const lie = await app.inject({ ...request, headers: { "content-type": type }, payload });
    expect([lie.statusCode, photos.kept.size]).toEqual([400, 0]);
  }
});

test("a field beside the file that is longer than any tag is refused", async () => {
  const { app, photos, photoUrl } = directory();
  const sent = await fileForm(photoUrl, picture(), { tag: "x".repeat(100_000) });
  expect([(await app.inject(sent)).statusCode, photos.kept.size]).toEqual([413, 0]);
});

test("a form without a file, or of another kind, is refused like one without a choice", async () => {
  const { app, photoUrl } = directory();
  const { statusCode, body } = await app.inject(form(photoUrl, { photo: "x" }));
  expect([statusCode, body.includes("Choose a picture first")]).toEqual([400, true]);
});

test("a photo over somebody else's change is not set, nor taken away", async () => {
  const { app, photos, url, photoUrl } = directory();
  const tag = tagIn((await app.inject(photoUrl)).body);
  await app.inject(form(url, { name: "Theirs", jobTitle: "x", location: "y" }));
  const refused = await app.inject(await fileForm(photoUrl, picture(), { tag }));
  expect([refused.statusCode, photos.kept.size]).toEqual([409, 0]);
  expect(refused.body).toContain("Somebody changed this employee meanwhile");
  const removal = await app.inject(form(`${photoUrl}/delete`, { tag }));
  expect(removal.statusCode).toBe(409);
  const again = await app.inject(await fileForm(photoUrl, picture(), { tag: tagIn(refused.body) }));
  expect(again.statusCode).toBe(303);
});

test("while the photos cannot be reached their pages say so", async () => {
  const { app, photos, photoUrl } = directory();
  photos.failure = new PhotosUnavailable(new Error("connect ECONNREFUSED"));
  const { statusCode, body } = await app.inject(await fileForm(photoUrl, picture()));
  expect([statusCode, body.includes("The photos cannot be reached just now")]).toEqual([503, true]);
});

test("a photo of nobody is a 404 page", async () => {
  const { app } = directory();
  const url = `/employees/${person("x").id}/photo`;
  for (const request of [url, await fileForm(url, picture()), form(`${url}/delete`, {})]) {
    expect((await app.inject(request)).statusCode).toBe(404);
  }
});
