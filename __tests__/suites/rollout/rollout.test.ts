/**
 * Rollouts under load on the twin: good images and bad ones, with the real Terraform. One environment goes through
 * all of it, in this order, since making one takes minutes. As root the images are really baked and booted; for
 * anybody else an image is a release, and an instance a process of it.
 */
import { cpSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { expectNoFailure } from "../load/under-load.ts";
import { Checkout } from "../twin/checkout.ts";
import { Bakery } from "./bakery.ts";
import { answeringCommit, expectCleanPlan } from "./expectations.ts";
import { ROLLOUT_SECONDS, Sandbox } from "./sandbox.ts";

const MINUTE = 60_000;
const REQUESTS = 3000;
jest.setTimeout(15 * MINUTE);

const baked = process.getuid?.() === 0;
/** A bake judges the app by its health check; these releases fail only where they find the environment's secret. */
const IN_ITS_ENVIRONMENT = 'process.env.DB_SECRET_ARN?.startsWith("arn:")';

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

const deploy = () => checkout.deploy("dev", "--local", "--yes", ...(baked ? ["--baked"] : []));

const npm = (script: string, ...args: string[]) =>
  checkout.run("npm", ["run", "-s", script, "--", ...args, "--local"]);

test("a first deploy with a bad image says that there is nothing to go back to, and a good one mends it", async () => {
  await sandbox.prepare();
  sandbox.edit("webapp/src/server.ts", (text) => `if (${IN_ITS_ENVIRONMENT}) process.exit(3);\n${text}`);
  await sandbox.commit("a release that ends at once");
  const bad = await deploy();
  expect(bad.exitCode).toBe(1);
  expect(bad.stderr).toMatch(/error: dev: ami-\S+ \(commit \w+\) did not become healthy within \d+ s/);
  expect(bad.stderr).toContain("there is no earlier image to go back to");
  serving = await sandbox.revert();
  const good = await deploy();
  expect([good.exitCode, good.exitCode === 0 ? "" : good.all]).toEqual([0, ""]);
  url = String(good.stdout);
  expect(await answeringCommit(url)).toBe(serving);
});

test("a good image is rolled out without a failed request, and its commit answers", async () => {
  const commit = await sandbox.improve();
  const { result, seen } = await sandbox.underLoad(url, REQUESTS, deploy);
  expect([result.exitCode, result.exitCode === 0 ? "" : result.all]).toEqual([0, ""]);
  expectNoFailure(seen, "good image", REQUESTS);
  expect(seen.commits).toEqual([serving, commit]);
  serving = commit;
  await expectCleanPlan(checkout);
});

(baked ? test : test.skip)("Packer's manifest, EC2 and the parameter agree about the image", async () => {
  const bakery = new Bakery(await checkout.twinVariables());
  const { builds } = JSON.parse(checkout.read(".webstead/packer-manifest.json"));
  const { artifact_id, custom_data } = builds.at(-1);
  const [, id] = artifact_id.split(":");
  expect(await bakery.parameter("/webstead/dev/ami-id")).toBe(id);
  expect(await bakery.image(id)).toMatchObject({
    State: "available",
    ImdsSupport: "v2.0",
    Tags: expect.arrayContaining([
      { Key: "Commit", Value: custom_data.commit },
      { Key: "ReleaseDigest", Value: custom_data.release_digest },
      { Key: "ImageDigest", Value: custom_data.image_digest },
      { Key: "Family", Value: "debian12" },
    ]),
  });
  expect(custom_data.commit).toBe(serving);
});

describe("a bad image is taken back without a failed request:", () => {
  const bad = [
    {
      name: "its app ends at once",
      file: "webapp/src/server.ts",
      change: (text: string) =>
        `if (${IN_ITS_ENVIRONMENT}) {\n  process.stderr.write("no reason to live\\n");\n  process.exit(3);\n}\n${text}`,
      health: "Health checks failed",
      log: "no reason to live",
    },
    {
      name: "its health check answers 500",
      file: "webapp/src/health.ts",
      change: (text: string) =>
        text.replace(
          /app\.get\("\/healthz".*\n/,
          `app.get("/healthz", async (_, reply) => reply.code(${IN_ITS_ENVIRONMENT} ? 500 : 200).send({ commit }));\n`,
        ),
      health: "Health checks failed with these codes: [500]",
      log: "listening",
    },
    {
      name: "it listens too late",
      file: "webapp/src/server.ts",
      change: (text: string) =>
        text.replace(
          "await app.listen(",
          `if (${IN_ITS_ENVIRONMENT}) await sleep(300_000);\n  await app.listen(`,
        ),
      health: "Health checks failed",
      log: undefined,
    },
  ];

  test.each(bad)("$name", async ({ name, file, change, health, log }) => {
    await sandbox.restore(serving);
    sandbox.edit(file, change);
    await sandbox.commit(name);
    const { result, seen } = await sandbox.underLoad(url, REQUESTS, deploy);
    expectNoFailure(seen, name, REQUESTS);
    expect([result.exitCode, result.stdout]).toEqual([1, ""]);
    const lines = String(result.stderr).trim().split("\n");
    expect(lines.at(-1)).toMatch(
      new RegExp(
        `^error: dev: ami-\\S+ \\(commit \\w+\\) did not become healthy within ${ROLLOUT_SECONDS} s \\(.+\\); ami-\\S+ \\(commit ${serving.slice(0, 12)}\\) is back, and users noticed nothing: all of \\d+ probes in that time were answered$`,
      ),
    );
    expect(result.stderr).toContain(health);
    if (log !== undefined) expect(result.stderr).toContain(log);
    expect(seen.commits).toEqual([serving]);
    expect(await answeringCommit(url)).toBe(serving);
    await expectCleanPlan(checkout);
  });

  test("and is not rolled out again by the next deploy, which says what to do", async () => {
    const again = await deploy();
    expect([again.exitCode, again.stdout]).toEqual([1, ""]);
    expect(again.stderr).toMatch(/was rolled out here and failed: change what was wrong with it/);
    expect(await answeringCommit(url)).toBe(serving);
    await expectCleanPlan(checkout);
  });

  test("and the next good image is rolled out as if nothing had been", async () => {
    await sandbox.restore(serving);
    const commit = await sandbox.improve();
    const { result, seen } = await sandbox.underLoad(url, REQUESTS, deploy);
    expect([result.exitCode, result.exitCode === 0 ? "" : result.all]).toEqual([0, ""]);
    expectNoFailure(seen, "good image after bad ones", REQUESTS);
    expect(seen.commits).toEqual([serving, commit]);
    serving = commit;
  });
});

(baked ? describe : describe.skip)(
  "an image that cannot be baked leaves nothing, and nobody notices it:",
  () => {
    const bad = [
      {
        name: "a task of Ansible fails",
        file: "ansible/roles/base/tasks/main.yml",
        change: (text: string) =>
          `${text}\n- name: Do what cannot be done\n  ansible.builtin.command: /bin/false\n`,
        reason: "Do what cannot be done",
      },
      {
        name: "its app does not answer the verification",
        file: "webapp/src/server.ts",
        change: (text: string) => `process.exit(3);\n${text}`,
        reason: "healthz",
      },
    ];

    test.each(bad)("$name", async ({ name, file, change, reason }) => {
      const bakery = new Bakery(await checkout.twinVariables());
      const before = await bakery.stock();
      sandbox.edit(file, change);
      await sandbox.commit(name);
      const { result, seen } = await sandbox.underLoad(url, REQUESTS, deploy);
      expectNoFailure(seen, name, REQUESTS);
      expect([result.exitCode, result.stdout]).toEqual([1, ""]);
      expect(result.stderr).toContain(reason);
      expect(await bakery.stock()).toEqual(before);
      expect(seen.commits).toEqual([serving]);
      await expectCleanPlan(checkout);
      await sandbox.revert();
    });
  },
);

test("images lists them with their commits, and which is in use", async () => {
  const { stdout } = await npm("images", "dev");
  const line = String(stdout)
    .split("\n")
    .find((text) => text.includes(serving.slice(0, 12)));
  expect(line).toMatch(/^ami-\S+ +\S.* good +parameter \/webstead\/dev\/ami-id, instance i-/);
  expect(String(stdout).match(/ failed /g)).toHaveLength(3);
});

test("rollback brings the image before back without a failed request, and rollback again undoes that", async () => {
  const { stdout } = await npm("images", "dev");
  const good = String(stdout)
    .split("\n")
    .filter((line) => / good /.test(line));
  const [current, before] = good.map((line) => line.split(/\s+/)[0]);
  const { result, seen } = await sandbox.underLoad(url, REQUESTS, () => npm("rollback", "dev", "--yes"));
  expect([result.exitCode, result.stdout]).toEqual([0, url]);
  expect(result.stderr).toContain(`${before} (commit`);
  expectNoFailure(seen, "rollback", REQUESTS);
  expect(seen.commits).toHaveLength(2);
  expect(await answeringCommit(url)).not.toBe(serving);
  await expectCleanPlan(checkout);
  const back = await npm("rollback", "dev", current ?? "", "--yes");
  expect([back.exitCode, back.stdout]).toEqual([0, url]);
  expect(await answeringCommit(url)).toBe(serving);
});

describe("a second environment", () => {
  let stage = "";

  test("gets the image of the first by promote, and serves its commit", async () => {
    cpSync(
      join(checkout.root, "config/environments/dev.ts"),
      join(checkout.root, "config/environments/stage.ts"),
    );
    sandbox.edit("config/environments/stage.ts", (text) => text.replace('name: "dev"', 'name: "stage"'));
    const result = await npm("promote", "dev", "stage", "--yes");
    expect([result.exitCode, result.exitCode === 0 ? "" : result.all]).toEqual([0, ""]);
    stage = String(result.stdout);
    expect(stage).not.toBe(url);
    expect(await answeringCommit(stage)).toBe(serving);
  });

  test("keeps that image when the first is destroyed, which names it", async () => {
    const result = await checkout.destroy("dev", "--local", "--yes");
    expect([result.exitCode, result.exitCode === 0 ? "" : result.all]).toEqual([0, ""]);
    expect(result.stderr).toMatch(/Images +\d+ removed, ami-\S+ kept: stage uses it, and has it now/);
    expect(await answeringCommit(stage)).toBe(serving);
    expect(String((await npm("images", "stage")).stdout)).toContain(serving.slice(0, 12));
  });

  test("leaves nothing, the shared image included, when it is destroyed too", async () => {
    const result = await checkout.destroy("stage", "--local", "--yes");
    expect([result.exitCode, result.exitCode === 0 ? "" : result.all]).toEqual([0, ""]);
    expect(result.stderr).toContain("1 removed");
  });
});
