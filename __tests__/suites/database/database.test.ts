import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, jest, test } from "@jest/globals";
import { type Certificates, makeCertificates } from "./certificates.ts";
import { MariaDb } from "./mariadb.ts";
import { SecretsManager } from "./secrets-manager.ts";
import { until } from "./wait.ts";
import { WebappProcess } from "./webapp-process.ts";

jest.setTimeout(40_000);

const CANARY = "canary-3c9e17";
const folder = mkdtempSync(join(tmpdir(), "webapp-database-"));
let tls: Certificates;
let stranger: Certificates;
let database: MariaDb;
let secrets: SecretsManager;
let apps: WebappProcess[] = [];
let said = "";

beforeAll(async () => {
  mkdirSync(join(folder, "data"));
  [tls, stranger] = await Promise.all([
    makeCertificates(folder, "ours"),
    makeCertificates(folder, "stranger"),
  ]);
  database = await MariaDb.install(folder, tls);
  await database.start();
  secrets = await SecretsManager.start({ username: "app", password: `${CANARY}-1` });
  await database.query("create database webapp character set utf8mb4");
  await database.query(`create user app@'%' identified by '${CANARY}-1'`);
  await database.query("grant all on webapp.* to app@'%'");
});

afterEach(async () => {
  await Promise.all(apps.map((app) => app.stop()));
  said += apps.map(({ output }) => output).join("");
  apps = [];
});

afterAll(async () => {
  await database?.kill();
  secrets?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function start(variables: Record<string, string> = {}): Promise<WebappProcess> {
  const app = await WebappProcess.start({
    DB_HOST: "127.0.0.1",
    DB_PORT: String(database.port),
    DB_CA_FILE: tls.ca,
    AWS_ENDPOINT_URL: secrets.url,
    ...variables,
  });
  apps.push(app);
  return app;
}

test("two instances that start at once on an empty database migrate it once", async () => {
  const both = await Promise.all([start(), start()]);
  await Promise.all(both.map((app) => app.ready()));
  const migrated = both.filter(({ output }) =>
    output.includes('"migrations":["0001-entries","0002-employees"]'),
  );
  expect(migrated).toHaveLength(1);
  expect(await database.query("select name from webapp.kysely_migration")).toEqual([
    { name: "0001-entries" },
    { name: "0002-employees" },
  ]);
  expect(both.map(({ output }) => output).join("")).not.toContain("migration failed");
});

test("it listens when its schema is there: what is alive answers its first request", async () => {
  await (await start()).ready();
  const unlock = await database.lockTable("webapp.kysely_migration");
  const starting = start();
  await until("the migration waits", async () => {
    const waiting = await database.query(
      "select 1 from information_schema.processlist where user = 'app' and state like 'Waiting for table%'",
    );
    return waiting.length > 0;
  });
  await unlock();
  const app = await starting;
  expect(await app.status("/api/entries")).toBe(200);
  expect(app.output).toMatch(/"schema is up to date".*"Server listening/s);
});

test("an entry is written, read, changed, shown and deleted", async () => {
  const app = await start();
  await app.ready();
  const added = await app.json("POST", "/api/entries", { text: "Grüße 🌊 <b>" });
  expect(added).toMatchObject({ status: 201, body: { text: "Grüße 🌊 <b>" } });
  const { id } = added.body as { id: number };
  expect(await database.query("select text from webapp.entries")).toEqual([{ text: "Grüße 🌊 <b>" }]);

  expect(await app.json("GET", `/api/entries/${id}`)).toEqual({ status: 200, body: added.body });
  expect(await app.json("PUT", `/api/entries/${id}`, { text: "other" })).toMatchObject({
    body: { text: "other" },
  });
  expect(await app.json("PUT", `/api/entries/${id}`, { text: "other" })).toMatchObject({ status: 200 });
  expect(await app.json("GET", "/api/entries")).toMatchObject({ body: { entries: [{ id, text: "other" }] } });
  expect(await (await fetch(app.url)).text()).toContain("other");
  expect((await app.json("DELETE", `/api/entries/${id}`)).status).toBe(204);
  expect((await app.json("GET", `/api/entries/${id}`)).status).toBe(404);
  expect((await app.json("DELETE", `/api/entries/${id}`)).status).toBe(404);
});

test("pages of the list follow each other without a gap", async () => {
  const app = await start();
  await app.ready();
  for (const text of ["1", "2", "3"]) await app.json("POST", "/api/entries", { text });
  const first = (await app.json("GET", "/api/entries?limit=2")).body as { next: number; entries: object[] };
  expect(first.entries).toMatchObject([{ text: "3" }, { text: "2" }]);
  const second = await app.json("GET", `/api/entries?limit=2&before=${first.next}`);
  expect(second.body).toMatchObject({ entries: [{ text: "1" }], next: null });
  const back = await app.json("GET", `/api/entries?limit=1&after=${first.next}`);
  expect(back.body).toMatchObject({ entries: [{ text: "3" }], previous: null });
});

test("a search takes what it is given for text and no pattern, in any case", async () => {
  const app = await start();
  await app.ready();
  const texts = ["100% sure!", "1000 sure", "snake_case \\ done", "snakeXcase", "GRÜSSE"];
  for (const text of texts) await app.json("POST", "/api/entries", { text });
  const found = async (search: string) => {
    const { body } = await app.json("GET", `/api/entries?search=${encodeURIComponent(search)}`);
    return (body as { entries: { text: string }[] }).entries.map(({ text }) => text);
  };
  expect(await found("100% s")).toEqual(["100% sure!"]);
  expect(await found("SNAKE_CASE \\")).toEqual(["snake_case \\ done"]);
  expect(await found("sure!")).toEqual(["100% sure!"]);
  expect(await found("grüsse")).toEqual(["GRÜSSE"]);
  expect(await found("' or 1=1 -- ")).toEqual([]);
});

test("while the database is away the app lives, is not ready, and comes back by itself", async () => {
  const app = await start();
  await app.ready();
  await app.json("POST", "/api/entries", { text: "kept" });
  await database.kill();

  await until("readiness fails", async () => (await app.status("/readyz")) === 503);
  expect(await app.status("/healthz")).toBe(200);
  const page = await fetch(app.url);
  expect([page.status, (await page.text()).includes("The database does not answer")]).toEqual([503, true]);
  const late = await start();
  expect(await late.status("/readyz")).toBe(503);
  await until("the late one has failed to migrate", () => late.output.includes("migration failed"));

  await database.start();
  await Promise.all([app.ready(), late.ready()]);
  expect(await app.json("GET", "/api/entries?limit=1")).toMatchObject({
    body: { entries: [{ text: "kept" }] },
  });
});

test("a query without an answer for five seconds is 503, even before it is prepared, and the next is served", async () => {
  const app = await start();
  await app.ready();
  const unlock = await database.lockTable("webapp.entries");
  expect(await app.status("/api/entries/1")).toBe(503);
  await unlock();
  expect(await app.status("/api/entries/1000000")).toBe(404);
});

test("when the database refuses the password the secret is fetched anew, once", async () => {
  const app = await start();
  await app.ready();
  const before = secrets.reads;
  secrets.secret = { username: "app", password: `${CANARY}-2` };
  await database.query(`alter user app@'%' identified by '${CANARY}-2'`);
  // Open connections outlive a changed password; a restart ends them.
  await database.kill();
  await database.start();
  await app.ready();
  expect((await app.json("GET", "/api/entries")).status).toBe(200);
  expect(secrets.reads).toBe(before + 1);
});

test("a connection that was cut while nobody used it costs no request", async () => {
  const app = await start();
  await app.ready();
  expect(await app.status("/")).toBe(200);
  await until("its connections have been idle for a while", async () => {
    const busy = "select id from information_schema.processlist where user = 'app' and time_ms < 600";
    return (await database.query(busy)).length === 0;
  });
  let answer: Promise<number> | undefined;
  await app.whileFrozen(async () => {
    const { port } = new URL(app.url);
    const asking = request({ host: "127.0.0.1", port, path: "/" });
    answer = new Promise((resolve, reject) => {
      asking.on("response", (response) => resolve(response.resume().statusCode ?? 0)).on("error", reject);
    });
    await new Promise<void>((sent) => asking.end(sent));
    await database.disconnect("app");
  });
  expect(await answer).toBe(200);
});

test("ten rotations of the password cost no request, whether database or secret has the new one first", async () => {
  const app = await start();
  await app.ready();
  const burst = () =>
    Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        index % 6 === 0
          ? app.json("POST", "/api/entries", { text: `rotation ${index}` })
          : app.json("GET", "/api/entries?limit=5"),
      ),
    );
  for (let round = 0; round < 10; round++) {
    const password = `${CANARY}-rotation-${round}`;
    const [before, reads] = [secrets.secret, secrets.reads];
    // Connections that are open outlive a changed password: without them every request of the burst needs a new one.
    await database.disconnect("app");
    await database.query(`alter user app@'%' identified by '${password}'`);
    const secretFirst = round % 2 === 0;
    if (secretFirst) secrets.secret = { ...before, password };
    const answers = burst();
    if (!secretFirst) {
      await until("the app has asked for the secret in vain", () => secrets.reads > reads);
      secrets.secret = { ...before, password };
    }
    const failed = (await answers).filter(({ status }) => status >= 300);
    expect([round, failed]).toEqual([round, []]);
  }
  expect(await app.stop()).toBe(0);
});

test.each([
  [
    "an authority that is not ours",
    () => ({ DB_CA_FILE: stranger.ca }),
    /self-signed|unable to (get|verify)/,
  ],
  ["a name the certificate does not have", () => ({ DB_HOST: "localhost" }), /altnames?/i],
])("a database vouched for by %s is refused", async (_, variables, reason) => {
  const app = await start(variables());
  await until("it has said why", () => app.output.includes("migration failed"));
  expect(app.output).toMatch(reason);
  expect([await app.status("/readyz"), await app.status("/")]).toEqual([503, 503]);
});

test("an earlier release starts on the schema of a newer one", async () => {
  await database.query(
    "insert into webapp.kysely_migration values ('0099-later', '2099-01-01T00:00:00.000Z')",
  );
  const app = await start();
  await app.ready();
  await database.query("delete from webapp.kysely_migration where name = '0099-later'");
});

test("lists come from the replica, but not for who has just written, and from the primary when it is away", async () => {
  const other = join(folder, "replica");
  mkdirSync(join(other, "data"), { recursive: true });
  const host = "127.0.0.2";
  const replica = await MariaDb.install(other, tls, { host, port: database.port });
  await replica.start();
  // It replicates nothing, so that what it answers can be told from what the primary does.
  await replica.query("create database webapp character set utf8mb4");
  await replica.query(`create user app@'%' identified by '${secrets.secret.password}'`);
  await replica.query("grant select on webapp.* to app@'%'");
  await replica.query(
    "create table webapp.entries (id bigint, text varchar(1000), created_at datetime(3), updated_at datetime(3))",
  );
  await replica.query("insert into webapp.entries values (1, 'as the replica has it', now(), now())");
  try {
    const app = await start({ DB_REPLICA_HOST: host });
    await app.ready();
    const list = async (headers: Record<string, string> = {}) =>
      (await fetch(`${app.url}/api/entries?limit=1`, { headers })).text();
    expect(await list()).toContain("as the replica has it");
    expect(await list({ "cache-control": "no-cache" })).not.toContain("as the replica has it");
    const form = { method: "POST", body: new URLSearchParams({ text: "mine" }), redirect: "manual" } as const;
    const cookies = (await fetch(`${app.url}/entries`, form)).headers.getSetCookie();
    const cookie = cookies.find((one) => one.startsWith("wrote=")) ?? "";
    expect(cookie).toMatch(/^wrote=1; Max-Age=5; Path=\/; HttpOnly; SameSite=Strict$/);
    expect(await list({ cookie: cookie.split(";")[0] ?? "" })).toContain("mine");
    expect(await list()).toContain("as the replica has it");
    await replica.kill();
    expect(await list()).toContain("mine");
  } finally {
    await replica.kill();
  }
});

test("SIGTERM fails readiness, finishes the request in progress and exits 0", async () => {
  const app = await start();
  await app.ready();
  const unlock = await database.lockTable("webapp.entries");
  const writing = app.json("POST", "/api/entries", { text: "in progress" });
  await until("the request waits for the lock", async () => {
    const waiting = await database.query("show full processlist");
    return waiting.some(({ Info }) => String(Info).startsWith("insert into `entries`"));
  });
  const started = performance.now();
  const exit = app.stop();
  await until("it is stopping", () => app.output.includes('"msg":"stopping"'));
  await unlock();
  expect((await writing).status).toBe(201);
  expect(await exit).toBe(0);
  expect(performance.now() - started).toBeLessThan(5000);
});

test("no log line holds the password", () => {
  expect(said).toContain('"msg":"stopped"');
  expect(said).not.toContain(CANARY);
});
