import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { buildApp } from "../src/app.ts";
import { memoryEmployees } from "./memory-employees.ts";
import { memoryEntries } from "./memory-entries.ts";

const app = buildApp({
  entries: memoryEntries(),
  employees: memoryEmployees(),
  stopping: () => false,
  probe: async () => {},
});

async function base(): Promise<string> {
  return /href="(\/assets\/[0-9a-f]{16})\/app\.css"/.exec((await app.inject("/")).body)?.[1] ?? "";
}

test.each(readdirSync(join(import.meta.dirname, "../assets")))(
  "%s is served under an address of its content, and kept for good",
  async (name) => {
    const { statusCode, headers, body } = await app.inject(`${await base()}/${name}`);
    expect([statusCode, headers["cache-control"]]).toEqual([200, "public, max-age=31536000, immutable"]);
    expect(headers["content-type"]).toMatch(/^(?:text\/(?:css|javascript); charset=utf-8|image\/svg\+xml)$/);
    expect(body).not.toMatch(/https?:\/\/(?!www\.w3\.org\/2000\/svg)/);
  },
);

test("the address of another release has what this one has, and it is not kept", async () => {
  const { statusCode, headers } = await app.inject("/assets/0000000000000000/app.css");
  expect([statusCode, headers["cache-control"]]).toEqual([200, "no-store"]);
});

test.each(["nothing.css", "..%2Fpackage.json", "%2e%2e/package.json"])("%s is not there", async (name) => {
  expect((await app.inject(`/assets/0000000000000000/${name}`)).statusCode).toBe(404);
});

test("a page may run and show what this app serves, and nothing else", async () => {
  const policy = String((await app.inject("/")).headers["content-security-policy"]).split("; ");
  expect(policy).toEqual([
    "default-src 'none'",
    "style-src 'self'",
    "script-src 'self'",
    "img-src 'self' blob:",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ]);
});
