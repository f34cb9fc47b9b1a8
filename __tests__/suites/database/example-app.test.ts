import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, jest, test } from "@jest/globals";
import { makeCertificates } from "./certificates.ts";
import { MariaDb } from "./mariadb.ts";
import { SecretsManager } from "./secrets-manager.ts";
import { until } from "./wait.ts";
import { WebappProcess } from "./webapp-process.ts";

jest.setTimeout(40_000);

const CANARY = "canary-7b20d4";
const folder = mkdtempSync(join(tmpdir(), "example-app-"));
let database: MariaDb;
let secrets: SecretsManager;
let app: WebappProcess;
let said = "";

beforeAll(async () => {
  mkdirSync(join(folder, "data"));
  database = await MariaDb.install(folder, makeCertificates(folder, "ours"));
  await database.start();
  secrets = await SecretsManager.start({ username: "app", password: `${CANARY}-1` });
  await database.query("create database webapp character set utf8mb4");
  await database.query(`create user app@'%' identified by '${CANARY}-1'`);
  await database.query("grant all on webapp.* to app@'%'");
});

afterEach(async () => {
  await app?.stop();
  said += app?.output ?? "";
});

afterAll(async () => {
  await database?.kill();
  secrets?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function start(authority = "ours"): Promise<void> {
  app = await WebappProcess.start(
    {
      DB_HOST: "127.0.0.1",
      DB_PORT: String(database.port),
      DB_CA_FILE: join(folder, `${authority}-ca.pem`),
      AWS_ENDPOINT_URL: secrets.url,
    },
    { folder: join(import.meta.dirname, "../../../example-app") },
  );
}

const keep = (text: string, headers: Record<string, string> = {}) =>
  fetch(app.url, { method: "POST", body: new URLSearchParams({ text }), redirect: "manual", headers });
const page = async () => (await fetch(app.url)).text();

test("the example app keeps a note in the database, and shows it without believing it", async () => {
  await start();
  await app.ready();
  expect((await keep("<b>Grüße</b>")).status).toBe(303);
  expect(await database.query("select text from webapp.notes")).toEqual([{ text: "<b>Grüße</b>" }]);
  expect(await page()).toContain("<li>&#60;b&#62;Grüße&#60;/b&#62;</li>");
  expect((await keep("theirs", { "sec-fetch-site": "cross-site" })).status).toBe(403);
  expect((await keep(" ")).status).toBe(400);
  expect((await fetch(`${app.url}/nowhere`)).status).toBe(404);
});

test("it listens when its table is there: what is alive answers its first request", async () => {
  await start();
  expect(await app.status("/")).toBe(200);
  expect(app.output).toMatch(/"the table is there".*"listening"/s);
});

test("it lives while its database is away, is not ready, and comes back by itself", async () => {
  await database.kill();
  await start();
  expect([await app.status("/healthz"), await app.status("/readyz"), await app.status("/")]).toEqual([
    200, 503, 503,
  ]);
  await database.start();
  await app.ready();
  expect(await page()).toContain("Grüße");
});

test("it fetches its secret anew when the database refuses it", async () => {
  await start();
  await app.ready();
  secrets.secret = { username: "app", password: `${CANARY}-2` };
  await database.query(`alter user app@'%' identified by '${CANARY}-2'`);
  const before = secrets.reads;
  await database.disconnect("app");
  await until("it answers again", async () => (await app.status("/")) === 200);
  expect(secrets.reads).toBe(before + 1);
});

test("it believes no database that somebody else vouches for", async () => {
  makeCertificates(folder, "stranger");
  await start("stranger");
  await until("it has tried", () => app.output.includes("no table yet"));
  expect([await app.status("/healthz"), await app.status("/readyz")]).toEqual([200, 503]);
});

test("on SIGTERM it finishes what is in progress and exits 0", async () => {
  await start();
  await app.ready();
  const unlock = await database.lockTable("webapp.notes");
  const writing = keep("in progress");
  await until("the request waits for the lock", async () => {
    const waiting = await database.query("show full processlist");
    return waiting.some(({ Info }) => String(Info).includes("in progress"));
  });
  const exit = app.stop();
  await until("it is stopping", () => app.output.includes('"msg":"stopping"'));
  await unlock();
  expect((await writing).status).toBe(303);
  expect(await exit).toBe(0);
});

test("its log is JSON lines without the password and without what was written", async () => {
  for (const line of said.trim().split("\n")) expect(JSON.parse(line)).toHaveProperty("level");
  expect(said).not.toMatch(new RegExp(`${CANARY}|Grüße`));
});
