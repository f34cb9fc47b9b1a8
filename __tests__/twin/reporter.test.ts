import { beforeEach, expect, test } from "@jest/globals";
import { type Parts, Reporter } from "../../twin/reporter.ts";
import type { TargetHealth } from "../../twin/world.ts";
import { group, instance, targetGroup, world } from "./worlds.ts";

let calls: [name: string, ...args: unknown[]][];
let failing: boolean;
let health: TargetHealth[];
let status: "ok" | "impaired";
let databases: { id: string; status: string }[];
let tasks: { id: string; status: string }[];
let reporter: Reporter;

beforeEach(() => {
  calls = [];
  failing = false;
  health = [];
  status = "ok";
  databases = [];
  tasks = [];
  const call =
    (name: string) =>
    async (...args: unknown[]) => {
      if (failing) throw new Error("the API is busy");
      calls.push([name, ...args]);
    };
  const parts = {
    client: {
      reportTargetHealth: call("target"),
      reportInstanceStatus: call("status"),
      reportUnhealthy: call("unhealthy"),
      reportDatabase: call("database"),
      reportTask: call("task"),
    },
    loadBalancers: { health: () => new Map([["tg", health]]) },
    fleet: { statuses: () => [{ instance: instance(), status }] },
    databases: { reports: () => databases },
    tasks: { reports: () => tasks },
    log: () => {},
  };
  reporter = new Reporter(parts as unknown as Parts);
});

const shown = world({ autoScalingGroups: [group()], targetGroups: [targetGroup(["i-1"])] });
const named = (name: string) => calls.filter(([one]) => one === name);
const healthy: TargetHealth = { id: "i-1", port: 80, state: "healthy" };
const unhealthy: TargetHealth = { id: "i-1", port: 80, state: "unhealthy" };

test("health is told when it changes, and only then", async () => {
  health = [healthy];
  await reporter.report(shown);
  await reporter.report(shown);
  health = [unhealthy];
  await reporter.report(shown);
  expect(named("target")).toEqual([
    ["target", "tg", [healthy]],
    ["target", "tg", [unhealthy]],
  ]);
});

test("what the API did not take is told again", async () => {
  health = [healthy];
  failing = true;
  await reporter.report(shown);
  expect(calls).toEqual([]);
  failing = false;
  await reporter.report(shown);
  expect(named("target")).toHaveLength(1);
  expect(named("status")).toHaveLength(1);
});

test("an unhealthy instance is given up once", async () => {
  health = [unhealthy];
  await reporter.report(shown);
  await reporter.report(shown);
  expect(named("unhealthy")).toEqual([
    ["unhealthy", { account: "123456789012", region: "eu-central-1", instanceId: "i-1" }],
  ]);
});

test("an instance that dies is told as impaired", async () => {
  await reporter.report(shown);
  status = "impaired";
  await reporter.report(shown);
  expect(named("status").map(([, report]) => (report as { status: string }).status)).toEqual([
    "ok",
    "impaired",
  ]);
});

test("a target group that the world no longer has gets no report", async () => {
  health = [healthy];
  await reporter.report(world());
  expect(named("target")).toEqual([]);
});

test("a task is told of when it runs and when it has stopped, each once", async () => {
  for (const status of ["RUNNING", "RUNNING", "STOPPED", "STOPPED"]) {
    tasks = [{ id: "t-1", status }];
    await reporter.report(shown);
  }
  expect(named("task")).toEqual([
    ["task", { id: "t-1", status: "RUNNING" }],
    ["task", { id: "t-1", status: "STOPPED" }],
  ]);
});
