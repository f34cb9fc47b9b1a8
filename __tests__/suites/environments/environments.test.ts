/**
 * Every environment that ships, on one twin at the same time, with the real Terraform: up, answering, unchanged by a
 * second plan, changed by one option, and gone. It takes as long as the slowest of them, most of it the provider's waits.
 */
import { readdirSync } from "node:fs";
import { request } from "node:https";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import { statusOf } from "../../../cli/ask-url.ts";
import { changeOf } from "../../../docs/options.ts";
import { Checkout } from "../twin/checkout.ts";
import { changedOptions } from "./changed-options.ts";
import { Elsewhere } from "./elsewhere.ts";
import { isNoOp, plannedChange } from "./planned-change.ts";

const MINUTE = 60_000;
jest.setTimeout(15 * MINUTE);

let checkout: Checkout;
let elsewhere: Elsewhere;
/** The rollout of webapp in the place of the other app: it goes on beside that of dev. */
let switchedBack: ReturnType<typeof switchBack>;
let ca = "";
const urls = new Map<string, string>();

const namesIn = (folder: string) =>
  readdirSync(join(import.meta.dirname, "../../../config", folder)).map((file) => file.replace(/\.ts$/, ""));
const names = [
  ...namesIn("environments"),
  ...namesIn("examples").map((name) => `examples/${name}`),
  "elsewhere",
];
const stackOf = (name: string) => name.replace("examples/", "");

beforeAll(async () => {
  checkout = await Checkout.create();
  // Protected, it would refuse to go: the refusal has a test of its own.
  checkout.edit("config/environments/prod.ts", (text) => text.replace("protect: true", "protect: false"));
  elsewhere = await Elsewhere.create(checkout);
});
afterAll(() => checkout.remove());

/** Runs one thing for every environment at once; what failed is named with what it printed. */
async function forAll(work: (name: string) => Promise<{ exitCode?: number; all?: unknown }>): Promise<void> {
  const results = await Promise.all(names.map(async (name) => ({ name, ...(await work(name)) })));
  const failed = results.filter(({ exitCode }) => exitCode !== 0);
  expect(failed.map(({ name, exitCode, all }) => `${name}: exit ${exitCode}\n${all}`)).toEqual([]);
}

test("all of them come up at once, and each answers at the URL that it printed", async () => {
  const deployed = forAll(async (name) => {
    const result = await checkout.deploy(name, "--local", "--yes");
    urls.set(name, String(result.stdout));
    return result;
  });
  await deployed.finally(() => {
    ca = checkout.read(".twin/ca/ca.pem");
  });
  for (const [name, url] of urls) {
    expect([name, await statusOf(url, { ca, timeout: 10_000 })]).toEqual([name, 200]);
  }
  expect(new Set(urls.values()).size).toBe(names.length);
});

test("a second plan changes nothing in any of them", async () => {
  const env = await checkout.twinVariables();
  await forAll(async (name) => {
    const cwd = join(checkout.root, "cdktf.out/stacks", stackOf(name));
    return checkout.run("terraform", ["plan", "-detailed-exitcode", "-input=false", "-no-color"], {
      cwd,
      env,
    });
  });
});

test("with HTTPS, port 80 leads to it, and the certificate is for the domain and nobody else", async () => {
  const secure = urls.get("examples/hardened") ?? "";
  expect(secure).toMatch(/^https:/);
  const { port } = new URL(secure);
  const answer = (servername: string) =>
    new Promise<string>((resolve) => {
      const asked = request(
        { host: "127.0.0.1", port, path: "/healthz", servername, ca, headers: { host: servername } },
        (response) => {
          response.resume();
          resolve(String(response.statusCode));
        },
      );
      asked.once("error", (error) => resolve((error as NodeJS.ErrnoException).code ?? error.message));
      asked.end();
    });
  expect(await answer("app.example.com")).toBe("200");
  const { stdout } = await checkout.run("npm", ["run", "-s", "twin", "--", "status"]);
  expect(String(stdout)).toContain("https://");
});

test("an app from another repository answers in webapp's place, and keeps its data in MariaDB", async () => {
  const url = urls.get(elsewhere.name) ?? "";
  const kept = await fetch(url, { method: "POST", body: new URLSearchParams({ text: "from elsewhere" }) });
  expect([kept.status, await kept.text()]).toEqual([200, expect.stringContaining("<li>from elsewhere</li>")]);
  const cloud = await elsewhere.cloud();
  const asked = await cloud.query("select text from notes", ca);
  expect(asked).toEqual([{ text: "from elsewhere" }]);
});

/** Names webapp again and deploys, while somebody asks for the page all the time. */
async function switchBack(): Promise<{
  exitCode?: number;
  all?: unknown;
  missed: unknown[];
  drained: string;
}> {
  const [instance = ""] = await (await elsewhere.cloud()).instanceIds();
  elsewhere.useWebapp();
  const deployed = checkout.deploy(elsewhere.name, "--local", "--yes");
  const result = await underWatch(urls.get(elsewhere.name) ?? "", deployed);
  return { ...result, drained: elsewhere.log(instance) };
}

/** Asks for the page until the work is done. @returns the work's result, and what else than a page was answered */
async function underWatch<T>(url: string, work: Promise<T>): Promise<T & { missed: unknown[] }> {
  const missed: unknown[] = [];
  let isDone = false;
  const result = work.finally(() => {
    isDone = true;
  });
  while (!isDone) {
    const status = await statusOf(url, { timeout: 10_000 }).catch((error: Error) => error.message);
    if (status !== 200) missed.push(status);
    await wait(50);
  }
  return { ...(await result), missed };
}

test("one option at a time, the plan for a deployed environment does what the table of options says", async () => {
  const env = await checkout.twinVariables();
  const cwd = join(checkout.root, "cdktf.out/stacks/dev");
  const before = checkout.read("config/environments/dev.ts");
  const told: Record<string, string> = {};
  const planned: Record<string, string> = {};
  for (const { option, edit } of changedOptions) {
    checkout.edit("config/environments/dev.ts", edit);
    await checkout.run("node", ["cli/synth.ts", "dev"]);
    // The plan before this one has just looked at what is there.
    const flags = ["-input=false", "-refresh=false", "-out=option.tfplan"];
    await checkout.run("terraform", ["plan", ...flags], { cwd, env });
    const { stdout } = await checkout.run("terraform", ["show", "-json", "option.tfplan"], { cwd, env });
    const { resource_changes: changes = [] } = JSON.parse(String(stdout));
    told[option] = changeOf(option);
    planned[option] = changes.every(isNoOp) ? "nothing" : plannedChange(changes);
    checkout.edit("config/environments/dev.ts", () => before);
  }
  expect(planned).toEqual(told);
});

test("all those options at once are applied to what is there, which answers afterwards, and by HTTPS", async () => {
  const { stdout: before } = await checkout.run("terraform", ["output", "-raw", "target_group_arn"], {
    cwd: join(checkout.root, "cdktf.out/stacks/dev"),
    env: await checkout.twinVariables(),
  });
  checkout.edit("config/environments/dev.ts", (text) =>
    changedOptions.filter(({ onlyPlanned }) => !onlyPlanned).reduce((edited, { edit }) => edit(edited), text),
  );
  switchedBack = switchBack();
  // What goes wrong with it is told by the test that waits for it.
  switchedBack.catch(() => {});
  const result = await checkout.deploy("dev", "--local", "--yes");
  expect([result.exitCode, result.exitCode === 0 ? "" : result.all]).toEqual([0, ""]);
  expect(String(result.stdout)).toMatch(/^https:/);
  expect(await statusOf(String(result.stdout), { ca, timeout: 10_000 })).toBe(200);
  const { stdout: after } = await checkout.run("terraform", ["output", "-raw", "target_group_arn"], {
    cwd: join(checkout.root, "cdktf.out/stacks/dev"),
    env: await checkout.twinVariables(),
  });
  expect(after).toBe(before);
});

test("webapp takes the place of that app again as a rollout that no request notices", async () => {
  const { exitCode, all, missed, drained } = await switchedBack;
  expect([exitCode, exitCode === 0 ? "" : all]).toEqual([0, ""]);
  expect(missed).toEqual([]);
  expect(drained).toMatch(/"msg":"stopping".*\n.*"msg":"stopped"/);
  const cloud = await elsewhere.cloud();
  expect(await cloud.query("select text from notes", ca)).toEqual([{ text: "from elsewhere" }]);
  const page = await fetch(`${urls.get(elsewhere.name)}/api/entries`);
  expect([page.status, await page.json()]).toMatchObject([200, { entries: [], next: null }]);
});

test("all of them go at once, and leave nothing", async () => {
  await forAll((name) => checkout.destroy(name, "--local", "--yes"));
  const { stdout } = await checkout.run("npm", ["run", "-s", "twin", "--", "status"]);
  expect(String(stdout)).not.toMatch(/i-[0-9a-f]+|127\.0\.0\.1:\d+ .*listener|mysql/);
});
