/**
 * The web app in trouble, seen through its load balancer on the twin: under a steady load its database's password is
 * rotated, its database goes, its instance dies. One environment goes through all of it, since making one takes minutes.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { RebootDBInstanceCommand } from "@aws-sdk/client-rds";
import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import { sha256 } from "../../../cli/release/archive.ts";
import dev from "../../../config/environments/dev.ts";
import { picture } from "../../../webapp/test/photos/pictures.ts";
import type { Failed, Seen } from "../load/load.ts";
import { expectNoFailure, sorts, tell, underLoad } from "../load/under-load.ts";
import { Checkout } from "../twin/checkout.ts";
import { Cloud } from "../twin/cloud.ts";
import { until } from "../twin/until.ts";
import { cutConnections, cutIdleConnections, rotate } from "./rotation.ts";

const MINUTE = 60_000;
const RATE = 200;
const ROTATIONS = 10;
jest.setTimeout(10 * MINUTE);

let checkout: Checkout;
let cloud: Cloud;
let url = "";
let ca = "";

beforeAll(async () => {
  checkout = await Checkout.create();
  checkout.edit("config/environments/dev.ts", (text) =>
    text.replace("} satisfies", "  storage: { photos: true },\n} satisfies"),
  );
  const result = await checkout.deploy("dev", "--local", "--yes");
  expect([result.exitCode, result.exitCode === 0 ? "" : result.all]).toEqual([0, ""]);
  url = String(result.stdout);
  ca = checkout.read(".twin/ca/ca.pem");
  cloud = await Cloud.of(checkout, await checkout.twinVariables());
}, 15 * MINUTE);
afterAll(() => checkout.remove());

const load = (atLeast: number) => ({ url, rate: RATE, mix: "database" as const, atLeast });

/** The instances that serve, with their processes. */
const instances = async () => (await checkout.twinStatus()).instances.map(({ id, pid }) => ({ id, pid }));

/** The process of the database's server. */
const databasePid = () => {
  const { account, region } = dev;
  return Number(
    readFileSync(join(checkout.root, ".twin/databases", account, region, cloud.databaseId, "pid"), "utf8"),
  );
};

/** Rows there are: while a load runs, they get more. */
const entries = async () => Number((await cloud.query("select count(*) as n from entries", ca))[0]?.n);

const untilLoadIsOn = async () => {
  const before = await entries();
  await until("the load has written", entries, (now) => now > before + RATE / 10, MINUTE);
};

/** All that was answered 201 is there. */
async function expectAllKept({ written }: Seen): Promise<void> {
  expect(written.length).toBeGreaterThan(RATE);
  const missing: string[] = [];
  for (const path of written) {
    const { status } = await fetch(`${url}${path}`);
    if (status !== 200) missing.push(`${path}: ${status}`);
  }
  expect(missing).toEqual([]);
}

/** An employee with a photo. @returns where the photo is shown */
async function employWithPhoto(): Promise<string> {
  const facts = { name: "Ada", jobTitle: "Analyst", location: "London" };
  const employed = await fetch(`${url}/api/employees`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(facts),
  });
  const { id } = (await employed.json()) as { id: string };
  const body = new Uint8Array(await picture("jpeg"));
  const put = await fetch(`${url}/api/employees/${id}/photo`, { method: "PUT", body });
  const { photo } = (await put.json()) as { photo?: string };
  expect([employed.status, put.status, photo]).toEqual([201, 200, expect.any(String)]);
  return `${url}/photos/${photo}/small`;
}

/** The digest of a picture as it is answered. */
async function digestOf(address: string): Promise<string> {
  const answer = await fetch(address);
  expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "image/webp"]);
  return sha256(new Uint8Array(await answer.arrayBuffer()));
}

/** What failed in no connection with an outage. */
const outside = (failed: readonly Failed[], from: number, to: number) =>
  sorts(failed.filter(({ started, ended }) => ended < from || started > to));

test("ten rotations of the database's password in a minute cost no request, and the process is the same", async () => {
  const before = await instances();
  const statuses: number[] = [];
  const scene = { cloud, ca, url };
  await cutIdleConnections(cloud);
  const cut = await cutConnections(scene);
  const { seen } = await underLoad(load((MINUTE / 1000) * RATE), async () => {
    await untilLoadIsOn();
    const start = Date.now();
    for (let round = 0; round < ROTATIONS; round++) {
      await wait(Math.max(0, start + (round * MINUTE) / ROTATIONS - Date.now()));
      const how = { bySql: round % 2 === 0, secretFirst: round % 4 < 2 };
      statuses.push(...(await rotate(scene, how)));
    }
    console.info(`${ROTATIONS} rotations in ${((Date.now() - start) / 1000).toFixed(0)} s`);
  });
  const cutMeanwhile = (await cutConnections(scene)) - cut;
  console.info(`${statuses.length} requests came at once, the database cut ${cutMeanwhile} connections`);
  expectNoFailure(seen, "rotations", (MINUTE / 1000) * RATE);
  expect(statuses.filter((status) => status !== 200)).toEqual([]);
  expect(cutMeanwhile).toBeGreaterThan(0);
  expect(await instances()).toEqual(before);
  await expectAllKept(seen);
});

test.each([
  { name: "killed", end: async () => process.kill(databasePid(), "SIGKILL") },
  {
    name: "rebooted",
    end: () => cloud.rds.send(new RebootDBInstanceCommand({ DBInstanceIdentifier: cloud.databaseId })),
  },
])(
  "a database that is $name costs 503s that say when to try again, none once it answers, and no instance",
  async ({ name, end }) => {
    const before = await instances();
    const health = new Set<string>();
    const { result, seen } = await underLoad(load(20 * RATE), async () => {
      await untilLoadIsOn();
      const pid = databasePid();
      const from = Date.now();
      await end();
      const answers = async () => {
        for (const state of Object.values(await cloud.targetHealth())) health.add(state);
        await cloud.query("select 1", ca);
        return databasePid();
      };
      await until("another server answers", answers, (now) => now !== pid, MINUTE);
      return { from, to: Date.now() };
    });
    tell(`database ${name}, away for ${result.to - result.from} ms`, seen);
    expect(seen.failed.length).toBeGreaterThan(0);
    expect(outside(seen.failed, result.from, result.to)).toEqual([]);
    expect(sorts(seen.failed.filter(({ outcome, retryAfter }) => outcome !== "503" || !retryAfter))).toEqual(
      [],
    );
    expect(sorts(seen.failed.filter(({ what }) => what.endsWith("/healthz")))).toEqual([]);
    expect([...health]).toEqual(["healthy"]);
    expect(await instances()).toEqual(before);
    await expectAllKept(seen);
  },
);

test("an instance that is killed costs requests within its bound alone, and no entry and no photo", async () => {
  const { interval, unhealthyThreshold, healthyThreshold } = dev.edge.healthCheck;
  const [old] = await instances();
  if (old?.pid == null) throw new Error("no instance serves");
  const graceEnds = (await cloud.launchedAt(old.id)) + dev.compute.healthCheckGracePeriod * 1000;
  await until(
    "grace period over",
    async () => Date.now(),
    (now) => now > graceEnds,
    3 * MINUTE,
  );
  const pid = old.pid;
  const photo = await employWithPhoto();
  const shown = await digestOf(photo);
  const { result, seen } = await underLoad(load(60 * RATE), async () => {
    await untilLoadIsOn();
    const from = Date.now();
    process.kill(pid, "SIGKILL");
    const { answer } = await until(
      "another instance alone is healthy",
      () => cloud.targetHealth(),
      (health) => !(old.id in health) && Object.values(health).join() === "healthy",
      3 * MINUTE,
    );
    return { from, id: Object.keys(answer).join() };
  });
  const boot = checkout.listeningSince(result.id) - (await cloud.launchedAt(result.id));
  const bound = (interval * unhealthyThreshold + interval * healthyThreshold) * 1000 + boot;
  const outage = Math.max(...seen.failed.map(({ ended }) => ended)) - result.from;
  tell(`instance killed, outage ${outage} ms, bound ${bound} ms`, seen);
  expect(outside(seen.failed, result.from, result.from + bound)).toEqual([]);
  expect(seen.failed.length).toBeGreaterThan(0);
  await expectAllKept(seen);
  expect(await digestOf(photo)).toBe(shown);
});
