import { expect, test } from "@jest/globals";
import { buildApp } from "../src/app.ts";
import type { Readiness } from "../src/health.ts";
import { memoryEmployees } from "./memory-employees.ts";
import { memoryEntries, unavailable } from "./memory-entries.ts";

const appWith = (readiness: Partial<Readiness>) =>
  buildApp({
    entries: memoryEntries(),
    employees: memoryEmployees(),
    stopping: () => false,
    probe: async () => {},
    ...readiness,
  });

test("liveness asks nobody", async () => {
  let asked = 0;
  const app = appWith({ probe: async () => void asked++ });
  const response = await app.inject("/healthz");
  expect([response.statusCode, response.json(), asked]).toEqual([200, { status: "ok" }, 0]);
});

test("liveness tells the commit of the release", async () => {
  const response = await appWith({ commit: "4783ee1" }).inject("/healthz");
  expect(response.json()).toEqual({ status: "ok", commit: "4783ee1" });
});

test("readiness is 200 if the database answers", async () => {
  const response = await appWith({}).inject("/readyz");
  expect([response.statusCode, response.json()]).toEqual([200, { status: "ready" }]);
});

test("readiness is 503 if the database refuses, and tells nothing of it", async () => {
  const response = await appWith({ probe: () => Promise.reject(unavailable) }).inject("/readyz");
  expect([response.statusCode, response.json()]).toEqual([503, { status: "waiting for the database" }]);
});

test("readiness is 503 if the database keeps silent", async () => {
  const response = await appWith({ probe: () => new Promise(() => {}), probeTimeout: 20 }).inject("/readyz");
  expect(response.statusCode).toBe(503);
});

test("a process that stops is alive, not ready, and keeps no connection", async () => {
  const app = appWith({ stopping: () => true });
  const ready = await app.inject("/readyz");
  expect([ready.statusCode, ready.json().status]).toEqual([503, "stopping"]);
  const alive = await app.inject("/healthz");
  expect([alive.statusCode, alive.headers.connection]).toEqual([200, "close"]);
});

test("connections outlive those of the load balancer", () => {
  const { keepAliveTimeout, headersTimeout } = appWith({}).server;
  expect([keepAliveTimeout, headersTimeout]).toEqual([65_000, 66_000]);
});
