import { expect, test } from "@jest/globals";
import { buildApp } from "../src/app.ts";
import { memoryEmployees } from "./memory-employees.ts";
import { memoryEntries } from "./memory-entries.ts";

const app = buildApp({
  entries: memoryEntries("one"),
  employees: memoryEmployees(),
  stopping: () => false,
  probe: async () => {},
});

test.each([
  ["PATCH", "/api/entries", "GET, HEAD, POST"],
  ["DELETE", "/api/entries/", "GET, HEAD, POST"],
  ["POST", "/api/entries/1", "DELETE, GET, HEAD, PUT"],
  ["OPTIONS", "/api/entries/1", "DELETE, GET, HEAD, PUT"],
  ["TRACE", "/", "GET, HEAD"],
  ["PUT", "/entries/1/delete", "GET, HEAD, POST"],
  ["POST", "/employees/1/edit", "GET, HEAD"],
] as const)("%s %s is answered with what may be done there", async (method, url, allow) => {
  const response = await app.inject({ method: method as "GET", url });
  expect([response.statusCode, response.headers.allow]).toEqual([405, allow]);
});

test.each([
  ["PATCH", "/api/nowhere"],
  ["PUT", "/nowhere"],
] as const)("%s %s is nowhere", async (method, url) => {
  expect((await app.inject({ method, url })).statusCode).toBe(404);
});

test("an id longer than any is told so", async () => {
  const { statusCode } = await app.inject(`/api/entries/${"1".repeat(101)}`);
  expect(statusCode).toBe(414);
});
