import { createServer } from "node:net";
import { networkInterfaces } from "node:os";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { buildApp } from "../src/app.ts";
import { type Metrics, startMetrics } from "../src/metrics.ts";
import { memoryEmployees } from "./memory-employees.ts";
import { memoryEntries } from "./memory-entries.ts";

let metrics: Metrics;
let port: number;
const pools = { primary: { taken: 3, waiting: 1 } };

beforeAll(async () => {
  const probe = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => probe.once("listening", resolve));
  port = (probe.address() as { port: number }).port;
  await new Promise((resolve) => probe.close(resolve));
  metrics = await startMetrics(pools);
  await metrics.listen(port);
});
afterAll(() => metrics.close());

const appWith = () =>
  buildApp({
    entries: memoryEntries("one"),
    employees: memoryEmployees(),
    stopping: () => false,
    probe: async () => {},
    count: metrics.count,
  });
const read = async (host = "127.0.0.1") => (await fetch(`http://${host}:${port}/metrics`)).text();

test("requests are counted by the pattern of their route and the class of their status, not by who or what", async () => {
  const app = appWith();
  for (const url of ["/api/entries/1", "/api/entries/7", "/healthz", "/no/such/page?secret=1"]) {
    await app.inject(url);
  }
  const text = await read();
  const count = (labels: string) => text.includes(`http_request_duration_seconds_count{${labels}} 1\n`);
  expect(count('method="GET",route="/api/entries/:id",status="2xx"')).toBe(true);
  expect(count('method="GET",route="/api/entries/:id",status="4xx"')).toBe(true);
  expect(count('method="GET",route="/healthz",status="2xx"')).toBe(true);
  expect(count('method="GET",route="none",status="4xx"')).toBe(true);
  expect(text).not.toMatch(/secret|entries\/[17]/);
});

test("the pools, the event loop and the process are there", async () => {
  const text = await read();
  expect(text).toContain('database_pool_connections{pool="primary",state="taken"} 3\n');
  expect(text).toContain('database_pool_connections{pool="primary",state="waiting"} 1\n');
  expect(text).toMatch(/^nodejs_eventloop_lag_seconds \S+$/m);
  expect(text).toMatch(/^process_resident_memory_bytes \d+$/m);
});

test("the app's own port, which is what a load balancer reaches, does not answer them", async () => {
  for (const headers of [{}, { "x-forwarded-for": "203.0.113.1" }]) {
    const response = await appWith().inject({ url: "/metrics", headers });
    expect([response.statusCode, response.body.includes("http_request")]).toEqual([404, false]);
  }
});

test("their port answers nobody from another machine, and nothing else", async () => {
  const addresses = Object.values(networkInterfaces()).flatMap((found) => found ?? []);
  const outside = addresses.filter(({ internal, family }) => !internal && family === "IPv4");
  for (const { address } of outside) await expect(read(address)).rejects.toThrow("fetch failed");
  expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(404);
});

test("a port that is taken is told", async () => {
  const second = await startMetrics(pools);
  await expect(second.listen(port)).rejects.toMatchObject({ code: "EADDRINUSE" });
});
