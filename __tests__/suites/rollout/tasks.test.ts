/**
 * Rollouts of tasks under load on the twin: an environment on Fargate goes up, through good images and bad ones, and
 * away again. It takes minutes: the provider's own waits, and the time that a bad task is given.
 */
import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import { until } from "../database/wait.ts";
import { expectNoFailure } from "../load/under-load.ts";
import { Checkout } from "../twin/checkout.ts";
import { Bakery } from "./bakery.ts";
import { answeringCommit, expectCleanPlan } from "./expectations.ts";
import { Sandbox } from "./sandbox.ts";

const MINUTE = 60_000;
const REQUESTS = 1500;
const PARAMETER = "/webstead/dev/image-tag";
jest.setTimeout(15 * MINUTE);

let checkout: Checkout;
let sandbox: Sandbox;
let url = "";
/** The commit that serves. */
let serving = "";

beforeAll(async () => {
  checkout = await Checkout.create();
  sandbox = new Sandbox(checkout);
});
afterAll(() => checkout.remove());

const deploy = () => checkout.deploy("dev", "--local", "--yes");

const npm = (script: string, ...args: string[]) =>
  checkout.run("npm", ["run", "-s", script, "--", ...args, "--local"]);

/** The ARNs of what holds data or is known to the world. */
async function kept(): Promise<string[]> {
  const options = { cwd: checkout.stackFolder, env: await checkout.twinVariables() };
  const { stdout } = await checkout.run("terraform", ["show", "-json"], options);
  const { resources } = JSON.parse(String(stdout)).values.root_module;
  return resources
    .filter(({ type }: { type: string }) => /^aws_(lb|db_instance)$/.test(type))
    .map(({ values }: { values: { arn: string } }) => values.arn);
}

/** The processes of the tasks. */
async function taskProcesses(): Promise<number[]> {
  const { stdout } = await checkout.run("npm", ["run", "-s", "twin", "--", "status"]);
  return [...String(stdout).matchAll(/^instance .* process (\d+)$/gm)].map(([, pid]) => Number(pid));
}

test("tasks in the place of an instance: the deploy keeps database and load balancer, and the URL answers", async () => {
  await sandbox.prepare();
  const first = await deploy();
  expect([first.exitCode, first.exitCode === 0 ? "" : first.all]).toEqual([0, ""]);
  const before = await kept();
  expect(before).toHaveLength(2);
  sandbox.useTasks();
  await sandbox.commit("tasks");
  const result = await deploy();
  expect([result.exitCode, result.exitCode === 0 ? "" : result.all]).toEqual([0, ""]);
  url = String(result.stdout);
  serving = await answeringCommit(url);
  expect(await taskProcesses()).toHaveLength(2);
  expect(await kept()).toEqual(before);
  await expectCleanPlan(checkout);
});

test("the parameter holds a tag that begins with the commit, and ECR has the image under it", async () => {
  const bakery = new Bakery(await checkout.twinVariables());
  const tag = await bakery.parameter(PARAMETER);
  const commit = await answeringCommit(url);
  expect(tag).toMatch(new RegExp(`^${commit.slice(0, 12)}-[0-9a-f]{12}-[0-9a-f]{12}$`));
  const { stdout } = await npm("images", "dev");
  expect(String(stdout)).toMatch(new RegExp(`${tag} .* good .* parameter ${PARAMETER}`));
});

test("a task that dies is replaced", async () => {
  const [first = 0, second = 0] = await taskProcesses();
  process.kill(first, "SIGKILL");
  const isReplaced = async () => {
    const now = await taskProcesses();
    return now.length === 2 && !now.includes(first) && now.includes(second);
  };
  await until("another task is there", isReplaced, 30);
});

test("a good image is rolled out without a failed request, and its commit answers", async () => {
  const commit = await sandbox.improve();
  const { result, seen } = await sandbox.underLoad(url, REQUESTS, deploy);
  expect([result.exitCode, result.exitCode === 0 ? "" : result.all]).toEqual([0, ""]);
  expectNoFailure(seen, "good image", REQUESTS);
  expect(seen.lastCommit).toBe(commit);
  serving = commit;
  await expectCleanPlan(checkout);
});

test.each([
  {
    name: "its app ends at once",
    file: "webapp/src/server.ts",
    change: (text: string) => `process.stderr.write("no reason to live\\n");\nprocess.exit(3);\n${text}`,
    reason: "Essential container in task exited",
  },
  {
    name: "its health check answers 500",
    file: "webapp/src/health.ts",
    change: (text: string) =>
      text.replace(
        /app\.get\("\/healthz".*\n/,
        'app.get("/healthz", async (_, reply) => reply.code(500).send({ commit }));\n',
      ),
    reason: "Task failed ELB health checks",
  },
])("a bad image is taken back without a failed request: $name", async ({ file, change, reason }) => {
  const before = await sandbox.head();
  sandbox.edit(file, change);
  await sandbox.commit("a bad release");
  const { result, seen } = await sandbox.underLoad(url, REQUESTS, deploy);
  expect(result.exitCode).toBe(1);
  expect(result.stderr).toContain(reason);
  expect(result.stderr).toContain("is back");
  expectNoFailure(seen, reason, REQUESTS);
  expect(await answeringCommit(url)).toBe(serving);
  await expectCleanPlan(checkout);
  await sandbox.restore(before);
  serving = await sandbox.commit("mended");
  const good = await deploy();
  expect([good.exitCode, good.exitCode === 0 ? "" : good.all]).toEqual([0, ""]);
});

test("a roll back puts the earlier image's tag back and runs it", async () => {
  const result = await npm("rollback", "dev", "--yes");
  expect([result.exitCode, result.exitCode === 0 ? "" : result.all]).toEqual([0, ""]);
  expect(await answeringCommit(url)).not.toBe(serving);
});

test("destroy leaves nothing, the repository included", async () => {
  const bakery = new Bakery(await checkout.twinVariables());
  const result = await checkout.destroy("dev", "--local", "--yes");
  expect([result.exitCode, result.exitCode === 0 ? "" : result.all]).toEqual([0, ""]);
  expect(await bakery.repositories()).toEqual([]);
});
