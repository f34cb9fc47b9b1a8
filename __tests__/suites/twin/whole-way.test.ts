/**
 * The whole way on the twin, as a user walks it: the real Terraform and AWS provider, real processes, a real
 * MariaDB. One environment goes through all of it, in this order, since making one takes minutes: the provider
 * itself waits 80 s for a database and 60 s for a load balancer.
 */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { StartDBInstanceCommand, StopDBInstanceCommand } from "@aws-sdk/client-rds";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import dev from "../../../config/environments/dev.ts";
import { Checkout } from "./checkout.ts";
import { Cloud } from "./cloud.ts";
import { filesHolding, holds, processTexts, residentMegabytes } from "./traces.ts";
import { until } from "./until.ts";

const MINUTE = 60_000;
jest.setTimeout(15 * MINUTE);

let checkout: Checkout;
let url = "";
let variables: Record<string, string> = {};

beforeAll(async () => {
  checkout = await Checkout.create();
});
afterAll(() => checkout.remove());

/** The stack's cloud as it is now: a rollout or a new deploy changes the outputs. */
async function cloud(): Promise<Cloud> {
  variables = await checkout.twinVariables();
  return Cloud.of(checkout, variables);
}

const status = async (path: string): Promise<number> => {
  const response = await fetch(`${url}${path}`, { signal: AbortSignal.timeout(5000) });
  await response.body?.cancel();
  return response.status;
};

const addEntry = async (text: string): Promise<void> => {
  const response = await fetch(`${url}/api/entries`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ text }),
  });
  expect(response.status).toBe(201);
};

const twinCa = () => checkout.read(".twin/ca/ca.pem");

/** Waits until a running command has said so many resources to be made. */
async function untilMade(deploy: ReturnType<Checkout["run"]>, count: number): Promise<void> {
  let text = "";
  deploy.all?.on("data", (chunk) => {
    text += chunk;
  });
  await until(
    `${count} resources made`,
    async () => Math.max(0, ...[...text.matchAll(/Apply +(\d+)\/\d+/g)].map(([, made]) => Number(made))),
    (made) => made >= count,
    10 * MINUTE,
  );
}

describe("a deploy that is stopped", () => {
  test("by Ctrl-C in mid-apply saves its state and says how to go on", async () => {
    const deploy = checkout.deploy("dev", "--local", "--yes");
    await untilMade(deploy, 5);
    deploy.kill("SIGINT");
    const result = await deploy;
    expect(result.all).toContain("its state is saved, and the same command goes on from there");
    expect(result.exitCode).toBe(1);
    expect(result.stdout).toBe("");
  });

  test("by kill -9 in mid-apply leaves a Terraform that ends by itself", async () => {
    const deploy = checkout.deploy("dev", "--local", "--yes");
    await untilMade(deploy, 5);
    deploy.kill("SIGKILL");
    await deploy;
    expect(existsSync(join(checkout.root, ".webstead/twin/dev/run.json"))).toBe(true);
  });

  test("is gone on with by the next one, which waits for what still runs and converges", async () => {
    const result = await checkout.deploy("dev", "--local", "--yes");
    expect(result.all).toContain("of an earlier command");
    expect(result.exitCode).toBe(0);
    url = String(result.stdout);
  });
});

describe("a deployed environment", () => {
  test("has its URL alone on stdout, and the URL is the page", async () => {
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const response = await fetch(url);
    expect([response.status, response.headers.get("content-type")]).toEqual([
      200,
      "text/html; charset=utf-8",
    ]);
  });

  test("keeps an entry as a row in MariaDB", async () => {
    await addEntry("planted by the suite");
    const rows = await (await cloud()).query("select text from entries", twinCa());
    expect(rows).toEqual([{ text: "planted by the suite" }]);
    expect(await (await fetch(url)).text()).toContain("planted by the suite");
  });

  test("is not changed by a second deploy, which says so", async () => {
    const result = await checkout.deploy("dev", "--local", "--yes");
    expect(result.all).toMatch(/Plan +no change/);
    expect([result.exitCode, result.stdout]).toEqual([0, url]);
  });

  test("is found well by the doctor", async () => {
    const found = await checkout.run("npm", ["run", "-s", "doctor", "--", "dev", "--local"]);
    expect([found.exitCode, String(found.stderr)]).toEqual([0, expect.not.stringContaining("✖")]);
    expect(String(found.stderr)).toMatch(/^✔ Answer .* answers 200$/m);
  });

  test("has nothing to plan for terraform itself, and is valid to it", async () => {
    const options = { cwd: checkout.stackFolder, env: variables };
    const plan = await checkout.run("terraform", ["plan", "-detailed-exitcode", "-input=false"], options);
    expect([plan.exitCode, plan.exitCode === 0 ? "" : plan.all]).toEqual([0, ""]);
    expect((await checkout.run("terraform", ["validate"], options)).exitCode).toBe(0);
  });

  test("refuses a second deploy at the same time, and names the lock", async () => {
    const first = checkout.deploy("dev", "--local", "--yes");
    await until(
      "the first holds the lock",
      async () => existsSync(join(checkout.root, ".webstead/twin/dev/lock")),
      Boolean,
      MINUTE,
    );
    const second = await checkout.deploy("dev", "--local", "--yes");
    expect(second.exitCode).toBe(1);
    expect(second.stderr).toContain("holds the lock");
    expect(second.stderr).toContain(".webstead/twin/dev/lock");
    expect((await first).exitCode).toBe(0);
  });

  test("has its password nowhere but in the secret and the database", async () => {
    const { password } = await (await cloud()).credentials();
    expect(password.length).toBeGreaterThan(20);
    const state = await checkout.run("terraform", ["state", "pull"], {
      cwd: checkout.stackFolder,
      env: variables,
    });
    await checkout.run("terraform", ["plan", "-input=false", "-out=canary.tfplan"], {
      cwd: checkout.stackFolder,
      env: variables,
    });
    const plan = await checkout.run("terraform", ["show", "-json", "canary.tfplan"], {
      cwd: checkout.stackFolder,
      env: variables,
    });
    expect(holds(String(state.stdout), password)).toBe(false);
    expect(holds(String(plan.stdout), password)).toBe(false);
    expect(filesHolding(checkout.root, password)).toEqual([]);
    expect(processTexts().filter(({ text }) => holds(text, password))).toEqual([]);
  });

  test("keeps within its memory at rest: AWS API 400 MB, twin 150 MB, app 100 MB", async () => {
    const { pid, parts, instances } = await checkout.twinStatus();
    const figures = {
      awsApi: residentMegabytes(parts["aws-api"]?.pid ?? 0),
      twin: residentMegabytes(pid),
      app: residentMegabytes(instances.find(({ health }) => health === "healthy")?.pid ?? 0),
    };
    console.info(`memory at rest, MB: ${JSON.stringify(figures)}`);
    expect(figures.awsApi).toBeLessThan(400);
    expect(figures.twin).toBeLessThan(150);
    expect(figures.app).toBeLessThan(100);
  });
});

describe("self-healing", () => {
  test("replaces an instance whose app was killed, within its bound, and loses no entry", async () => {
    const { interval, unhealthyThreshold, healthyThreshold } = dev.edge.healthCheck;
    const before = await cloud();
    const [old = ""] = await before.instanceIds();
    const graceEnds = (await before.launchedAt(old)) + dev.compute.healthCheckGracePeriod * 1000;
    await until(
      "grace period over",
      async () => Date.now(),
      (time) => time > graceEnds,
      3 * MINUTE,
    );
    const victim = (await checkout.twinStatus()).instances.find(({ id }) => id === old)?.pid ?? 0;
    process.kill(victim, "SIGKILL");
    const killed = Date.now();
    const unhealthy = await until(
      "target unhealthy",
      () => before.targetHealth(),
      (health) => health[old] !== "healthy",
      MINUTE,
    );
    expect(unhealthy.took).toBeLessThan((interval * unhealthyThreshold + 1) * 1000);
    const { answer: ids } = await until(
      "a new instance",
      () => before.instanceIds(),
      (found) => found.some((id) => id !== old),
      MINUTE,
    );
    await until(
      "the URL answers",
      () => status("/"),
      (code) => code === 200,
      MINUTE,
    );
    const outage = (Date.now() - killed) / 1000;
    await until(
      "the old one deregistered",
      () => before.targetHealth(),
      (health) => !(old in health),
      MINUTE,
    );
    const replacement = ids.find((id) => id !== old) ?? "";
    await until(
      "the new one healthy",
      () => before.targetHealth(),
      (health) => health[replacement] === "healthy",
      MINUTE,
    );
    const boot = (checkout.listeningSince(replacement) - (await before.launchedAt(replacement))) / 1000;
    const bound = interval * unhealthyThreshold + boot + interval * healthyThreshold;
    console.info(
      `outage after kill -9: ${outage.toFixed(1)} s, bound ${bound.toFixed(1)} s (boot ${boot.toFixed(1)} s)`,
    );
    expect(outage).toBeLessThan(bound);
    expect(await (await fetch(url)).text()).toContain("planted by the suite");
  });

  test("does not replace an instance because the database is away for two minutes", async () => {
    const aws = await cloud();
    const instances = await aws.instanceIds();
    await aws.rds.send(new StopDBInstanceCommand({ DBInstanceIdentifier: aws.databaseId }));
    await until(
      "stopped",
      () => aws.databaseStatus(),
      (state) => state === "stopped",
      MINUTE,
    );
    await until(
      "not ready",
      () => status("/readyz"),
      (code) => code === 503,
      MINUTE,
    );
    const found = await checkout.run("npm", ["run", "-s", "doctor", "--", "dev", "--local"]);
    expect(found.exitCode).toBe(1);
    expect(String(found.stderr)).toMatch(/^✖ Database .* is stopped$/m);
    expect(String(found.stderr)).toMatch(/^✔ Targets .* is healthy/m);
    expect(String(found.stderr)).toMatch(/^✖ Answer .* answers 503$/m);
    const stopped = Date.now();
    const seen = new Set<number>();
    while (Date.now() - stopped < 2 * MINUTE) {
      seen.add(await status("/healthz"));
      expect(await status("/readyz")).toBe(503);
      await wait(1000);
    }
    expect([...seen]).toEqual([200]);
    expect(await aws.instanceIds()).toEqual(instances);
    await aws.rds.send(new StartDBInstanceCommand({ DBInstanceIdentifier: aws.databaseId }));
    await until(
      "ready again",
      () => status("/readyz"),
      (code) => code === 200,
      MINUTE,
    );
    await addEntry("after the database came back");
    expect(await aws.instanceIds()).toEqual(instances);
  });
});

describe("cdktf itself", () => {
  const cdktf = (...args: string[]) =>
    checkout.run("npx", ["cdktf", ...args], { env: { ...variables, CI: "1" } });

  test("synthesizes the same bytes in this folder as in any other", async () => {
    const digest = () =>
      createHash("sha256").update(checkout.read("cdktf.out/stacks/dev/cdk.tf.json")).digest("hex");
    const before = digest();
    expect((await cdktf("synth")).exitCode).toBe(0);
    expect(digest()).toBe(before);
  });

  test("finds nothing to change with diff", async () => {
    const { exitCode, all } = await cdktf("diff", "dev");
    expect([exitCode, exitCode === 0 ? "" : all]).toEqual([0, ""]);
    expect(all).toContain("No changes");
  });
});

describe("destroy", () => {
  test("leaves nothing, by AWS's own listings", async () => {
    const result = await checkout.destroy("dev", "--local", "--yes");
    expect([result.exitCode, result.exitCode === 0 ? "" : result.all]).toEqual([0, ""]);
    expect(result.all).toMatch(/nothing of dev is left, by AWS's own listings of \d+ kinds/);
    await expect(fetch(url)).rejects.toThrow();
  });

  test("again is done at once", async () => {
    const result = await checkout.destroy("dev", "--local", "--yes");
    expect(result.exitCode).toBe(0);
  });
});

describe("cdktf alone, on the twin with the variables of `npm run -s twin -- env`", () => {
  test("deploys and destroys the environment", async () => {
    for (const step of ["bootstrap", "bake"]) {
      expect((await checkout.run("npm", ["run", "-s", step, "--", "dev", "--local"])).exitCode).toBe(0);
    }
    const environment = { env: { ...(await checkout.twinVariables()), CI: "1" } };
    const deployed = await checkout.run("npx", ["cdktf", "deploy", "dev", "--auto-approve"], environment);
    expect([deployed.exitCode, deployed.exitCode === 0 ? "" : deployed.all]).toEqual([0, ""]);
    expect((await checkout.deploy("dev", "--local", "--yes")).all).toMatch(/Plan +no change/);
    expect(await status("/readyz")).toBe(200);
    const destroyed = await checkout.run("npx", ["cdktf", "destroy", "dev", "--auto-approve"], environment);
    expect([destroyed.exitCode, destroyed.exitCode === 0 ? "" : destroyed.all]).toEqual([0, ""]);
    expect((await checkout.destroy("dev", "--local", "--yes")).exitCode).toBe(0);
  });
});

describe("a twin that was stopped", () => {
  test("leaves no process of its own, and destroy says that nothing is left", async () => {
    await checkout.run("npm", ["run", "-s", "twin", "--", "stop"]);
    expect(processTexts().filter(({ text }) => text.includes(checkout.root))).toEqual([]);
    const result = await checkout.destroy("dev", "--local", "--yes");
    expect(result.exitCode).toBe(1);
    expect(result.stderr).toMatch(/error: dev: the twin is not running, and what it held ended with it/);
  });
});
