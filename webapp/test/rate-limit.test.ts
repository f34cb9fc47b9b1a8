import { expect, test } from "@jest/globals";
import { buildApp } from "../src/app.ts";
import { DEFAULT_RATE_LIMIT } from "../src/limits.ts";
import { memoryEmployees } from "./memory-employees.ts";
import { memoryEntries } from "./memory-entries.ts";

const appWith = (rateLimit: number) =>
  buildApp({
    entries: memoryEntries("one"),
    employees: memoryEmployees(),
    stopping: () => false,
    probe: async () => {},
    rateLimit,
  });

/** What the load balancer says of a client. */
const from = (address: string) => ({ "x-forwarded-for": address });

test("a client that asks too fast is told to wait, as a problem or as a page, and others are not", async () => {
  const app = appWith(2);
  const mine = { headers: from("203.0.113.1") };
  const first = await app.inject({ url: "/api/entries", ...mine });
  expect(first.headers).toMatchObject({ "ratelimit-limit": "2", "ratelimit-remaining": "1" });
  await app.inject({ url: "/", ...mine });
  const problem = await app.inject({ url: "/api/entries", ...mine });
  expect([problem.statusCode, problem.headers["content-type"]]).toEqual([
    429,
    "application/problem+json; charset=utf-8",
  ]);
  expect(problem.json()).toMatchObject({
    status: 429,
    detail: expect.stringMatching(/^Too many .* in \d+ s/),
  });
  expect(problem.headers).toMatchObject({ "retry-after": "10", "ratelimit-remaining": "0" });
  const page = await app.inject({ url: "/", ...mine });
  expect([page.statusCode, page.headers["content-type"]]).toEqual([429, "text/html; charset=utf-8"]);
  expect(page.body).toContain("Too many requests come from your address");
  expect((await app.inject({ url: "/", headers: from("203.0.113.2") })).statusCode).toBe(200);
});

test("a client cannot make itself another one by a header of its own", async () => {
  const app = appWith(1);
  const asks = async (claimed: string) =>
    (await app.inject({ url: "/", headers: from(`${claimed}, 203.0.113.1`) })).statusCode;
  expect([await asks("198.51.100.1"), await asks("198.51.100.2")]).toEqual([200, 429]);
});

test("changes have a tenth of the requests, and use up none of the others", async () => {
  const app = appWith(10);
  const write = async () =>
    (await app.inject({ method: "POST", url: "/api/entries", payload: { text: "x" } })).statusCode;
  expect([await write(), await write()]).toEqual([201, 429]);
  expect((await app.inject("/api/entries")).statusCode).toBe(200);
});

test("health checks are never limited", async () => {
  const app = appWith(1);
  await app.inject("/");
  expect((await app.inject("/")).statusCode).toBe(429);
  for (const url of ["/healthz", "/readyz", "/healthz", "/readyz"]) {
    expect((await app.inject(url)).statusCode).toBe(200);
  }
});

test("0 is no limit", async () => {
  const { statusCode, headers } = await appWith(0).inject("/");
  expect([statusCode, headers["ratelimit-limit"]]).toEqual([200, undefined]);
});

test("200 requests a second from one address, a twentieth of them changes, stay within the default", () => {
  expect(200 * 10 * 2).toBeLessThan(DEFAULT_RATE_LIMIT);
  expect((200 * 10) / 20).toBeLessThan(DEFAULT_RATE_LIMIT / 10);
});
