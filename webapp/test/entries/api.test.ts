import { expect, test } from "@jest/globals";
import { buildApp } from "../../src/app.ts";
import { type MemoryEntries, memoryEntries, unavailable } from "../memory-entries.ts";

const ready = { stopping: () => false, probe: async () => {} };
const appWith = (entries: MemoryEntries) => buildApp({ entries, ...ready });

test("the list is newest first and pages by the id before", async () => {
  const app = appWith(memoryEntries("one", "two", "three"));
  const first = await app.inject("/api/entries?limit=2");
  expect(first.statusCode).toBe(200);
  expect(first.json().entries.map(({ text }: { text: string }) => text)).toEqual(["three", "two"]);
  expect(first.json().next).toBe(2);
  const second = await app.inject("/api/entries?limit=2&before=2");
  expect(second.json()).toMatchObject({ entries: [{ id: 1, text: "one" }], next: null });
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
  expect(response.json()).toEqual({ statusCode: 404, error: "Not Found", message });
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
  expect(response.json()).toEqual({ statusCode: 400, error: "Bad Request", message });
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
])("%s is refused in plain words", async (url, message) => {
  const response = await appWith(memoryEntries()).inject(url);
  expect([response.statusCode, response.json().message]).toEqual([400, message]);
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
  expect([response.statusCode, response.json().error]).toEqual([500, "Internal Server Error"]);
  expect(response.body).not.toContain("secret detail");
});
