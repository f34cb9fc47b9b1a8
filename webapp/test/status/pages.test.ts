import { expect, test } from "@jest/globals";
import { buildApp, type Dependencies } from "../../src/app.ts";
import type { StatusSource } from "../../src/status/pages.ts";
import { memoryEmployees } from "../memory-employees.ts";
import { memoryEntries, unavailable } from "../memory-entries.ts";

const known: StatusSource = {
  release: { commit: "4783ee1", version: "0.1.0" },
  place: async () => ({ kind: "Instance", id: "i-0abc", zone: "eu-central-1b" }),
  uptime: () => 3_725,
};

async function statusOf(status: Partial<StatusSource> = {}, more: Partial<Dependencies> = {}) {
  const readiness = { stopping: () => false, probe: async () => {} };
  const stores = { entries: memoryEntries(), employees: memoryEmployees() };
  const app = buildApp({ ...stores, ...readiness, status: { ...known, ...status }, ...more });
  const { statusCode, body } = await app.inject("/status");
  const facts = body.matchAll(/<dt>([^<]*)<\/dt><dd>(?:<[^>]*>)?([^<]*)</g);
  return { statusCode, body, facts: Array.from(facts, ([, name, value]) => `${name}: ${value}`) };
}

const away = async () => {
  throw unavailable;
};

test("the page tells who answers, of which release, and what it works with", async () => {
  const { statusCode, facts } = await statusOf();
  expect(statusCode).toBe(200);
  expect(facts).toEqual([
    "State: Serving",
    "Version: 0.1.0",
    "Commit: 4783ee1",
    "Up for: 1 h 2 min",
    "Instance: i-0abc",
    "Zone: eu-central-1b",
    "State: Answers",
    "Lists come from: the primary",
  ]);
});

test("what nobody knows is unknown", async () => {
  const { facts } = await statusOf({ release: {}, place: async () => ({ kind: "Task" }) });
  expect(facts).toEqual(
    expect.arrayContaining([
      "Commit: unknown",
      "Version: from its sources",
      "Task: unknown",
      "Zone: unknown",
    ]),
  );
});

test("while the database is away the page says so, and nothing of where it is", async () => {
  const { statusCode, facts, body } = await statusOf({}, { probe: away });
  expect([statusCode, facts.includes("State: Does not answer")]).toEqual([200, true]);
  expect(body).not.toMatch(/ECONNREFUSED|10\.0\.5\.9|3306/);
});

test("a database that keeps silent does not keep the page", async () => {
  const { facts } = await statusOf({}, { probe: () => new Promise(() => {}), probeTimeout: 20 });
  expect(facts.slice(-2)).toEqual(["State: Does not answer", "Lists come from: nowhere"]);
});

test.each([
  ["the replica", async () => {}],
  ["the primary: the replica does not answer", away],
])("lists come from %s", async (reads, probeReplica) => {
  expect((await statusOf({ probeReplica })).facts).toContain(`Lists come from: ${reads}`);
});

test("a process that stops says so", async () => {
  expect((await statusOf({}, { stopping: () => true })).facts).toContain("State: Stopping");
});

test.each([
  [0, "0 s"],
  [59.9, "59 s"],
  [61, "1 min 1 s"],
  [86_400, "1 d 0 h"],
])("%d seconds are %s", async (seconds, words) => {
  expect((await statusOf({ uptime: () => seconds })).facts).toContain(`Up for: ${words}`);
});
