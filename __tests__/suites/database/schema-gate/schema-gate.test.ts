import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, jest, test } from "@jest/globals";
import { execa } from "execa";
import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";
import { MIGRATIONS } from "../../../../webapp/migrations/all.ts";
import { connectDatabase } from "../../../../webapp/src/database/connect.ts";
import { CachedSecret } from "../../../../webapp/src/database/secret.ts";
import type { Tables } from "../../../../webapp/src/database/tables.ts";
import { commitAll, write } from "../../../cli/release/small-app.ts";
import { type Certificates, makeCertificates } from "../certificates.ts";
import { MariaDb } from "../mariadb.ts";
import { SecretsManager } from "../secrets-manager.ts";
import { WebappProcess } from "../webapp-process.ts";
import { checkOut, findEarlierRelease, migrationsIn } from "./earlier-release.ts";
import { refusals } from "./gate.ts";

jest.setTimeout(120_000);

const root = join(import.meta.dirname, "../../../..");
const folder = mkdtempSync(join(tmpdir(), "schema-gate-"));
const credentials = { username: "app", password: "gate" };
let tls: Certificates;
let database: MariaDb;
let secrets: SecretsManager;
let apps: WebappProcess[] = [];
let handles: Kysely<Tables>[] = [];
let count = 0;

beforeAll(async () => {
  mkdirSync(join(folder, "data"));
  tls = makeCertificates(folder, "ours");
  database = await MariaDb.install(folder, tls);
  await database.start();
  secrets = await SecretsManager.start(credentials);
  await database.query(`create user app@'%' identified by '${credentials.password}'`);
  await database.query("grant all on *.* to app@'%'");
});

afterEach(async () => {
  await Promise.all(apps.map((app) => app.stop()));
  await Promise.all(handles.map((db) => db.destroy()));
  [apps, handles] = [[], []];
});

afterAll(async () => {
  await database?.kill();
  secrets?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** What speaks against migrations on top of those of the app in a folder, on a database of its own. */
async function against(
  app: string,
  known: readonly string[],
  migrations: Readonly<Record<string, Migration>>,
): Promise<string[]> {
  const name = `webapp_${count++}`;
  await database.query(`create database ${name} character set utf8mb4`);
  const address = { host: "127.0.0.1", port: database.port, name, caFile: tls.ca };
  const db = connectDatabase(address, new CachedSecret(async () => credentials), { connections: 2 });
  handles.push(db);
  const start = async () => {
    const started = await WebappProcess.start(
      {
        DB_HOST: address.host,
        DB_PORT: String(address.port),
        DB_NAME: name,
        DB_CA_FILE: tls.ca,
        AWS_ENDPOINT_URL: secrets.url,
      },
      app,
    );
    apps.push(started);
    return started;
  };
  const document = JSON.parse(readFileSync(join(app, "openapi.json"), "utf8"));
  return refusals({ start, document, db, migrations, known });
}

test("the release before runs on today's schema, and comes back on it", async () => {
  const earlier = await findEarlierRelease(root, migrationsIn(join(root, "webapp/migrations")));
  if (typeof earlier === "string") {
    process.stderr.write(`schema gate: nothing to compare with: ${earlier}\n`);
    return;
  }
  process.stderr.write(`schema gate: the app of ${earlier.commit.slice(0, 12)} on today's schema\n`);
  const app = await checkOut(root, earlier.commit, join(folder, "earlier"));
  expect(await against(app, earlier.migrations, MIGRATIONS)).toEqual([]);
});

/** Migrations on top of today's, one for each statement, taken for those of tomorrow. */
function tomorrow(...statements: readonly string[]): Record<string, Migration> {
  const added = statements.map((statement, index): [string, Migration] => [
    `${9001 + index}-tomorrow`,
    { up: async (db) => void (await sql.raw(statement).execute(db)) },
  ]);
  return { ...MIGRATIONS, ...Object.fromEntries(added) };
}

test.each([
  [
    "drops a column",
    "alter table entries drop column updated_at",
    "POST /api/entries (smallest) answers 500",
  ],
  [
    "renames a column",
    "alter table entries rename column text to content",
    "POST /api/entries (smallest) answers 500",
  ],
  [
    "adds a column that must be filled",
    "alter table entries add column author varchar(100) not null",
    "POST /api/entries (smallest) answers 500",
  ],
  [
    "makes a column narrower",
    "alter table entries modify text varchar(500) not null",
    "POST /api/entries (largest) answers 500",
  ],
  ["drops a table", "drop table entries", "POST /api/entries (smallest) answers 503"],
  [
    "refuses what was there twice",
    "alter table entries add unique key by_text (text(100))",
    "POST /api/entries (smallest) answers 500",
  ],
  ["loses what was kept", "delete from entries", "what was kept before is not as it was"],
])("a migration that %s is refused by its name", async (_, statement, reason) => {
  const found = await against(join(root, "webapp"), Object.keys(MIGRATIONS), tomorrow(statement));
  expect(found[0]).toContain(`9001-tomorrow breaks the release before it: ${reason}`);
});

test("migrations that only add a table, a column that may be empty, one with a default and an index pass", async () => {
  const additions = tomorrow(
    "create table authors (id bigint primary key, name varchar(100) not null)",
    "alter table entries add column author varchar(100) null",
    "alter table entries add column stars int not null default 0",
    "alter table entries add key by_time (created_at)",
  );
  expect(await against(join(root, "webapp"), Object.keys(MIGRATIONS), additions)).toEqual([]);
});

test("of several migrations the one is named that breaks the release before", async () => {
  const both = tomorrow("create table authors (id bigint primary key)", "drop table entries");
  const found = await against(join(root, "webapp"), Object.keys(MIGRATIONS), both);
  expect(found[0]).toContain("9002-tomorrow breaks the release before it: ");
});

test("the release before is the last commit that lacks a migration of today, whatever came between", async () => {
  const repository = join(folder, "repository");
  const migrations = (...names: string[]) =>
    Object.fromEntries(["all", ...names].map((name) => [`webapp/migrations/${name}.ts`, ""]));
  mkdirSync(repository);
  await commitAll(write(repository, { "webapp/src/server.ts": "1" }));
  expect(await findEarlierRelease(repository, ["0001-a"])).toBe("no earlier release had a schema");
  await commitAll(write(repository, migrations("0001-a")));
  const last = await commitAll(write(repository, { "webapp/src/server.ts": "2" }));
  expect(await findEarlierRelease(repository, ["0001-a"])).toBe("no earlier release had a schema");
  const expected = { commit: last, migrations: ["0001-a"] };
  expect(await findEarlierRelease(repository, ["0001-a", "0002-b"])).toEqual(expected);
  await commitAll(write(repository, migrations("0002-b", "0003-c")));
  await commitAll(write(repository, { "webapp/src/server.ts": "3" }));
  expect(await findEarlierRelease(repository, ["0001-a", "0002-b", "0003-c"])).toEqual(expected);
  expect(migrationsIn(join(repository, "webapp/migrations"))).toEqual(["0001-a", "0002-b", "0003-c"]);
});

test("a shallow clone is told how to get what is missing", async () => {
  const [repository, clone] = [join(folder, "deep"), join(folder, "shallow")];
  mkdirSync(repository);
  await commitAll(write(repository, { "webapp/migrations/0001-a.ts": "" }));
  await commitAll(write(repository, { "webapp/migrations/0002-b.ts": "" }));
  await execa("git", ["clone", "-q", "--depth=1", `file://${repository}`, clone]);
  expect(await findEarlierRelease(clone, ["0001-a", "0002-b"])).toBe(
    "this clone is shallow, and the earlier release is not in it: git fetch --unshallow",
  );
});
