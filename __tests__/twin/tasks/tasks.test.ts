import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { Releases } from "../../../twin/fleet/releases.ts";
import { Processes } from "../../../twin/processes.ts";
import { StateFolder } from "../../../twin/state-folder.ts";
import { Tasks } from "../../../twin/tasks/tasks.ts";
import { type Task, WorldClient } from "../../../twin/world.ts";
import { eventually } from "../eventually.ts";
import { makeRelease } from "../releases.ts";
import { world } from "../worlds.ts";

let folder: string;
let state: StateFolder;
let tasks: Tasks;
let digest: string;
let used: Set<string>;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "tasks-"));
  state = new StateFolder(join(folder, "state"));
  digest = await makeRelease(folder, state);
  used = new Set();
  tasks = new Tasks({
    state,
    processes: new Processes(state.ledger),
    releases: new Releases(state),
    client: new WorldClient(1),
    awsEndpoint: "http://127.0.0.1:1",
    inUse: (address) => used.has(address),
    log: () => {},
  });
});

afterEach(async () => {
  await tasks.stop();
  rmSync(folder, { recursive: true, force: true });
});

const shown = (parts: Partial<Task> = {}) =>
  world({
    tasks: [
      {
        ...{ account: "123456789012", region: "eu-central-1", id: "t-1", arn: "arn:task/t-1" },
        ...{ desired: "RUNNING", cluster: "c", service: "s", family: "f", revision: "3" },
        image: `registry.example/app:abc-123-${digest.slice(0, 12)}`,
        environment: { PORT: "8000", DB_HOST: "127.9.8.7" },
        port: 8000,
        roleArn: "arn:aws:iam::123456789012:role/app",
        privateIp: "10.0.3.4",
        ...{ logGroup: null, logStream: "app/app/t-1" },
        ...parts,
      },
    ],
  });

async function answer(): Promise<Record<string, string>> {
  return (await eventually("the app to answer", async () => {
    const port = tasks.address("10.0.3.4", 8000)?.port;
    return (
      port &&
      (await fetch(`http://127.0.0.1:${port}`).then(
        (response) => response.json(),
        () => undefined,
      ))
    );
  })) as Record<string, string>;
}

const states = () => tasks.reports().map(({ status, reason }) => [status, reason]);

test("a task is a process of the release that its tag ends with, and sees its task definition's environment", async () => {
  tasks.reconcile(shown());
  expect(await answer()).toMatchObject({
    DB_HOST: "127.9.8.7",
    HOST: "127.0.0.1",
    NODE_ENV: "production",
    AWS_ENDPOINT_URL: "http://127.0.0.1:1",
    cwd: state.path("tasks", "t-1"),
  });
  expect(states()).toEqual([["RUNNING", undefined]]);
  expect(tasks.address("10.0.3.4", 80)).toBeUndefined();
});

test("it is given the credentials of its role, for its account, and is told who it is", async () => {
  tasks.reconcile(shown());
  const seen = await answer();
  const credentials = await (await fetch(seen.AWS_CONTAINER_CREDENTIALS_FULL_URI ?? "")).json();
  expect(credentials).toMatchObject({
    RoleArn: "arn:aws:iam::123456789012:role/app",
    AccessKeyId: "ASIATWIN123456789012",
  });
  const metadata = await (await fetch(`${seen.ECS_CONTAINER_METADATA_URI_V4}/task`)).json();
  expect(metadata).toMatchObject({ TaskARN: "arn:task/t-1", Family: "f", Revision: "3" });
});

test.each([
  ["of no release here", "registry.example/app:abc-123-000000000000"],
  ["without a release in its tag", "registry.example/app:latest"],
])("an image %s cannot be pulled, and the task has stopped for that reason", async (_, image) => {
  tasks.reconcile(shown({ image }));
  await eventually("the task to have stopped", async () => states()[0]?.[0] === "STOPPED");
  expect(states()[0]?.[1]).toMatch(/^CannotPullContainerError: the tag of \S+ does not end with the digest/);
});

test("a task whose app ends by itself has stopped, and says how", async () => {
  tasks.reconcile(shown());
  await answer();
  process.kill(tasks.status()[0]?.pid ?? 0, "SIGKILL");
  await eventually("the task to have stopped", async () => states()[0]?.[0] === "STOPPED");
  expect(states()).toEqual([["STOPPED", "Essential container in task exited: the app ended with SIGKILL"]]);
});

test("a task that is to stop ends by SIGTERM, as soon as no load balancer drains it", async () => {
  tasks.reconcile(shown());
  await answer();
  used.add("10.0.3.4");
  tasks.reconcile(shown({ desired: "STOPPED" }));
  expect(states()).toEqual([["RUNNING", undefined]]);
  used.clear();
  tasks.reconcile(shown({ desired: "STOPPED" }));
  await eventually("the task to have stopped", async () => states()[0]?.[0] === "STOPPED");
  expect(readFileSync(state.log("t-1"), "utf8")).toContain("got SIGTERM");
  tasks.reconcile(world());
  expect(tasks.status()).toEqual([]);
});
