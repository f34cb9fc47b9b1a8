import { expect, test } from "@jest/globals";
import { buildApp } from "../src/app.ts";
import { memoryEmployees } from "./memory-employees.ts";
import { memoryEntries } from "./memory-entries.ts";

test("what is more than the app can have in progress is turned away at once, and the app stays alive", async () => {
  const entries = memoryEntries("one");
  let letGo = () => {};
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const { list } = entries;
  entries.list = async (options) => {
    await held;
    return list(options);
  };
  const app = buildApp({
    entries,
    employees: memoryEmployees(),
    stopping: () => false,
    probe: async () => {},
  });
  await app.ready();
  // An injected request begins when it is waited for.
  const first = Array.from({ length: 500 }, async () => await app.inject("/api/entries"));
  const late = await app.inject("/api/entries");
  expect([late.statusCode, late.headers["retry-after"], late.json().title]).toEqual([
    503,
    "5",
    "Service Unavailable",
  ]);
  expect((await app.inject("/healthz")).statusCode).toBe(200);
  letGo();
  const answers = await Promise.all(first);
  expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([200]));
  expect((await app.inject("/api/entries")).statusCode).toBe(200);
});
