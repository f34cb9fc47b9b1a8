import { expect, test } from "@jest/globals";
import { buildApp } from "../../src/app.ts";
import { memoryEmployees } from "../memory-employees.ts";
import { type MemoryEntries, memoryEntries, unavailable } from "../memory-entries.ts";

const ready = { stopping: () => false, probe: async () => {} };
const appWith = (entries: MemoryEntries) => buildApp({ entries, employees: memoryEmployees(), ...ready });

test("the list is newest first and pages by the id before", async () => {
  const app = appWith(memoryEntries("one", "two", "three"));
  const first = await app.inject("/api/entries?limit=2");
  expect(first.statusCode).toBe(200);
  expect(first.json().entries.map(({ text }: { text: string }) => text)).toEqual(["three", "two"]);
  expect(first.json().next).toBe(2);
  const second = await app.inject("/api/entries?limit=2&before=2");
  expect(second.json()).toMatchObject({ entries: [{ id: 1, text: "one" }], next: null });
});

test("the list pages back by the id after, and keeps to what is searched", async () => {
  const app = appWith(memoryEntries("one", "two", "three", "twofold"));
  const older = await app.inject("/api/entries?limit=2&before=3");
  expect(older.json()).toMatchObject({ entries: [{ id: 2 }, { id: 1 }], next: null, previous: 2 });
  const newer = await app.inject("/api/entries?limit=1&after=2");
  expect(newer.json()).toMatchObject({ entries: [{ id: 3 }], next: 3, previous: 3 });
  const found = await app.inject("/api/entries?search=TWO");
  expect(found.json()).toMatchObject({ entries: [{ id: 4 }, { id: 2 }], next: null, previous: null });
});

test("an entry is added, read, changed and deleted", async () => {
  const app = appWith(memoryEntries());
  const added = await app.inject({ method: "POST", url: "/api/entries", payload: { text: "Grüße 🌊" } });
  expect(added.statusCode).toBe(201);
  expect(added.headers.location).toBe("/api/entries/1");
  expect(added.json()).toMatchObject({ id: 1, text: "Grüße 🌊" });

  const changed = await app.inject({ method: "PUT", url: "/api/entries/1", payload: { text: "other" } });
  expect([changed.statusCode, changed.json().text]).toEqual([200, "other"]);
  expect((await app.inject("/api/entries/1")).json().text).toBe("other");

  const deleted = await app.inject({ method: "DELETE", url: "/api/entries/1" });
  expect([deleted.statusCode, deleted.body]).toEqual([204, ""]);
  expect((await app.inject("/api/entries/1")).statusCode).toBe(404);
});

test.each([
  ["GET", "/api/entries/7", "There is no entry 7."],
  ["PUT", "/api/entries/7", "There is no entry 7."],
  ["DELETE", "/api/entries/7", "There is no entry 7."],
  ["GET", "/api/nowhere", "There is no GET /api/nowhere."],
] as const)("%s %s is a 404 that says what is not there", async (method, url, message) => {
  const payload = method === "PUT" ? { payload: { text: "x" } } : {};
  const response = await appWith(memoryEntries()).inject({ method, url, ...payload });
  expect(response.statusCode).toBe(404);
  expect(response.headers["content-type"]).toBe("application/problem+json; charset=utf-8");
  expect(response.json()).toEqual({ type: "about:blank", title: "Not Found", status: 404, detail: message });
});

test.each([
  [{}, "text is missing"],
  [{ text: "" }, "text must not be empty"],
  [{ text: " \n\t" }, "text must not be blank"],
  [{ text: 5 }, "text must be string"],
  [{ text: "é".repeat(1001) }, "text must have at most 1000 characters"],
  [["text"], "body must be object"],
])("the body %j is refused in plain words", async (payload, message) => {
  const entries = memoryEntries();
  const response = await appWith(entries).inject({ method: "POST", url: "/api/entries", payload });
  expect(response.statusCode).toBe(400);
  expect(response.json()).toEqual({
    type: "about:blank",
    title: "Bad Request",
    status: 400,
    detail: message,
  });
  expect(entries.all).toEqual([]);
});

test("a text of 1000 characters outside the basic plane is accepted", async () => {
  const payload = { text: "🌊".repeat(1000) };
  const response = await appWith(memoryEntries()).inject({ method: "POST", url: "/api/entries", payload });
  expect(response.statusCode).toBe(201);
});

test.each([
  ["/api/entries/abc", "id must be a whole number above 0"],
  ["/api/entries/0", "id must be a whole number above 0"],
  ["/api/entries?limit=101", "limit must be a whole number from 1 to 100"],
  ["/api/entries?before=-1", "before must be a whole number above 0"],
  [`/api/entries?search=${"x".repeat(101)}`, "search must have at most 100 characters"],
  [
    "/api/entries?before=0&limit=0",
    "before must be a whole number above 0; limit must be a whole number from 1 to 100",
  ],
])("%s is refused in plain words", async (url, message) => {
  const response = await appWith(memoryEntries()).inject(url);
  expect([response.statusCode, response.json().detail]).toEqual([400, message]);
});

test("a body that is no JSON is refused", async () => {
  const headers = { "content-type": "application/json" };
  const request = { method: "POST", url: "/api/entries", headers, payload: "{" } as const;
  expect((await appWith(memoryEntries()).inject(request)).statusCode).toBe(400);
});

test("without the database the API answers 503 and when to come back", async () => {
  const entries = memoryEntries("one");
  entries.failure = unavailable;
  const response = await appWith(entries).inject("/api/entries");
  expect([response.statusCode, response.headers["retry-after"]]).toEqual([503, "5"]);
  expect(response.body).not.toMatch(/ECONNREFUSED|10\.0\.5\.9|at /);
});

test("a fault of the app is a 500 that tells nothing of itself", async () => {
  const entries = memoryEntries("one");
  entries.failure = new Error("secret detail");
  const response = await appWith(entries).inject("/api/entries");
  expect([response.statusCode, response.json().title]).toEqual([500, "Internal Server Error"]);
  expect(response.body).not.toContain("secret detail");
});

test("an entity tag keeps a change by somebody else from being overwritten", async () => {
  const app = appWith(memoryEntries("one"));
  const url = "/api/entries/1";
  const { etag = "" } = (await app.inject(url)).headers;
  const mine = { method: "PUT", url, headers: { "if-match": etag }, payload: { text: "mine" } } as const;
  const first = await app.inject(mine);
  expect([first.statusCode, first.headers.etag]).toEqual([200, expect.not.stringContaining(etag)]);
  const second = await app.inject({ ...mine, payload: { text: "theirs" } });
  expect([second.statusCode, second.json().detail]).toEqual([412, "Entry 1 was changed meanwhile."]);
  const removal = await app.inject({ method: "DELETE", url, headers: { "if-match": etag } });
  expect(removal.statusCode).toBe(412);
  expect((await app.inject(url)).json().text).toBe("mine");
  const anyway = await app.inject({
    method: "DELETE",
    url,
    headers: { "if-match": `"x", ${first.headers.etag}` },
  });
  expect(anyway.statusCode).toBe(204);
});

test("who has the entry already is not sent it again", async () => {
  const app = appWith(memoryEntries("one"));
  const { etag = "" } = (await app.inject("/api/entries/1")).headers;
  const again = await app.inject({ url: "/api/entries/1", headers: { "if-none-match": `W/${etag}` } });
  expect([again.statusCode, again.body, again.headers.etag]).toEqual([304, "", etag]);
  const other = await app.inject({ url: "/api/entries/1", headers: { "if-none-match": '"other"' } });
  expect(other.statusCode).toBe(200);
});

test("a change made twice is one change", async () => {
  const entries = memoryEntries("one");
  const app = appWith(entries);
  for (let time = 0; time < 2; time++) {
    await app.inject({ method: "PUT", url: "/api/entries/1", payload: { text: "two" } });
  }
  expect(entries.all.map(({ text }) => text)).toEqual(["two"]);
});

test("the API describes itself", async () => {
  const response = await appWith(memoryEntries()).inject("/api/openapi.json");
  expect([response.statusCode, response.json().openapi]).toEqual([200, "3.1.0"]);
});
