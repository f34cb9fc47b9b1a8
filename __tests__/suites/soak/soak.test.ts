/**
 * Half an hour of steady load on the app with a real MariaDB, as fast as it goes: what it keeps of each request would be
 * seen in memory, descriptors or connections.
 */
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import { makeCertificates } from "../database/certificates.ts";
import { MariaDb } from "../database/mariadb.ts";
import { SecretsManager } from "../database/secrets-manager.ts";
import { until } from "../database/wait.ts";
import { WebappProcess } from "../database/webapp-process.ts";
import { Inspector } from "./inspector.ts";
import { slope } from "./slope.ts";
import { Visitors } from "./visitors.ts";

jest.setTimeout(1_200_000);

/** 20 requests a second for 30 minutes. */
const REQUESTS = 20 * 60 * 30;

/** Requests between two looks at the memory. */
const PIECE = 1000;

/** Requests until what is often used is compiled and all pools are full. */
const WARM_UP = 30 * PIECE;

/** More than the app has connections to the database, so that some always wait. */
const VISITORS = 32;

/** As in server.ts and connect.ts: connections at most, and those that stay open when nobody asks. */
const [MOST_CONNECTIONS, IDLE_CONNECTIONS] = [10, 2];

/** More than the visitors make in ten seconds: the limit counts them, and turns nobody away. */
const RATE_LIMIT = 1_000_000;

/**
 * Bytes by which memory may grow with each 1,000 requests. The least that can be kept of a request is an object and the
 * place where it is kept: 32 bytes, so 32,000 for 1,000 of them; of the rarest sort here, one in twenty, what is kept
 * would be a request or a connection, kilobytes, which makes more. Half of that is still above what the engine notes
 * beside its code (5 bytes or so a request; within the warm-up it is 10), and at 20 requests a second less than
 * 30 MB in a day.
 */
const TOLERATED = 16_000;

const folder = mkdtempSync(join(tmpdir(), "webapp-soak-"));
let database: MariaDb;
let secrets: SecretsManager;
let app: WebappProcess;
let inspector: Inspector;

beforeAll(async () => {
  mkdirSync(join(folder, "data"));
  const tls = makeCertificates(folder, "soak");
  database = await MariaDb.install(folder, tls);
  await database.start();
  const credentials = { username: "app", password: "not-a-secret" };
  secrets = await SecretsManager.start(credentials);
  await database.query("create database webapp character set utf8mb4");
  await database.query(`create user app@'%' identified by '${credentials.password}'`);
  await database.query("grant all on webapp.* to app@'%'");
  app = await WebappProcess.start(
    {
      ...{ DB_HOST: "127.0.0.1", DB_PORT: String(database.port), DB_CA_FILE: tls.ca },
      ...{ AWS_ENDPOINT_URL: secrets.url, RATE_LIMIT: String(RATE_LIMIT) },
    },
    { flags: ["--inspect=127.0.0.1:0", "--no-flush-bytecode"] },
  );
  await app.ready();
  inspector = await Inspector.connect(app.output);
}, 120_000);

afterAll(async () => {
  // Node does not end while somebody inspects it.
  inspector?.close();
  await app?.stop();
  await database?.kill();
  secrets?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test("after a warm-up, 36,000 requests leave the app as it was: memory, descriptors, connections to the database", async () => {
  const first = await app.json("POST", "/api/entries", { text: "there" });
  const { id } = first.body as { id: number };
  const visitors = new Visitors(app.url, id, VISITORS);

  expect(await visitors.make(WARM_UP)).toEqual({});
  await quiet();
  const before = { descriptors: descriptors(), connected: await connected() };

  const memory: [requests: number, bytes: number][] = [];
  let most = 0;
  const watch = setInterval(async () => {
    most = Math.max(most, (await connections()).length);
  }, 200);
  for (let made = PIECE; made <= REQUESTS; made += PIECE) {
    expect(await visitors.make(PIECE)).toEqual({});
    memory.push([made, await inspector.living()]);
  }
  clearInterval(watch);
  const growth = slope(memory) * 1000;
  process.stderr.write(
    `memory after each ${PIECE} requests, KiB: ${memory.map(([, bytes]) => Math.round(bytes / 1024)).join(" ")}\n` +
      `slope: ${Math.round(growth)} bytes per 1,000 requests; at most ${most} connections to the database\n`,
  );

  await quiet();
  expect(await connected()).toBe(before.connected);
  expect(descriptors()).toBeLessThanOrEqual(before.descriptors);
  expect(most).toBeGreaterThan(IDLE_CONNECTIONS);
  expect(most).toBeLessThanOrEqual(MOST_CONNECTIONS);
  expect(growth).toBeLessThan(TOLERATED);
});

/** Waits until nobody is served: visitors' sockets are closed, and of the connections to the database a few rest. */
async function quiet(): Promise<void> {
  let last = -1;
  await until(`the app is at rest with ${IDLE_CONNECTIONS} idle connections to the database`, async () => {
    const open = await connections();
    const idle = open.length === IDLE_CONNECTIONS && open.every((command) => command === "Sleep");
    const now = descriptors();
    const steady = now === last;
    last = now;
    return idle && steady;
  });
}

function descriptors(): number {
  return readdirSync(`/proc/${app.pid}/fd`).length;
}

/** What each connection of the app to the database is doing. */
async function connections(): Promise<string[]> {
  const rows = await database.query("show processlist");
  return rows.filter(({ User }) => User === "app").map(({ Command }) => String(Command));
}

/** The database's own count of connections, the one that asks among them. */
async function connected(): Promise<number> {
  const [row] = await database.query("show global status like 'Threads_connected'");
  return Number(row?.Value);
}
