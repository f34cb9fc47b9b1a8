/** What cannot work is refused in a line that says what is wrong and what to do, before anything is made. */
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import { execaSync } from "execa";
import { Checkout } from "./checkout.ts";

jest.setTimeout(120_000);

let checkout: Checkout;
beforeAll(async () => {
  checkout = await Checkout.create();
});
afterAll(() => checkout.remove());

/** The lines of stderr that tell an error. */
const errorOf = (result: { stderr?: unknown }) =>
  String(result.stderr).slice(Math.max(0, String(result.stderr).indexOf("error: ")));

test("an unknown environment is wrong usage, and the known ones are named", async () => {
  const result = await checkout.deploy("nope", "--local", "--yes");
  expect([result.exitCode, result.stdout]).toEqual([2, ""]);
  expect(errorOf(result)).toMatch(/^error: unknown environment "nope": there are .*dev, prod/);
});

test("a missing environment and an unknown option are wrong usage", async () => {
  expect((await checkout.deploy()).exitCode).toBe(2);
  const result = await checkout.destroy("dev", "--lokal");
  expect([result.exitCode, result.stderr]).toEqual([2, expect.stringContaining("unknown option '--lokal'")]);
});

test("a broken environment prints all its problems, each with path, value and fix", async () => {
  const text = checkout.read("config/environments/dev.ts");
  const broken = text
    .replace('name: "dev"', 'name: "tiny"')
    .replace('"t3.micro"', '"huge"')
    .replace('"us-east-1"', '"mars"');
  writeFileSync(
    join(checkout.root, "config/environments/tiny.ts"),
    broken.replace('account: "123456789012"', 'account: "12"'),
  );
  const result = await checkout.deploy("tiny", "--local", "--yes");
  expect(result.exitCode).toBe(2);
  const problems = errorOf(result).trim().split("\n");
  expect(problems.length).toBeGreaterThanOrEqual(3);
  for (const line of problems) expect(line).toMatch(/tiny: [\w.]+ must .+, got ".*"; use /);
  execaSync("rm", [join(checkout.root, "config/environments/tiny.ts")]);
});

test("without AWS credentials the way to them is told", async () => {
  const noFiles = { AWS_CONFIG_FILE: "/dev/null", AWS_SHARED_CREDENTIALS_FILE: "/dev/null" };
  const result = await checkout.run("./deploy.sh", ["dev", "--yes"], {
    env: { ...noFiles, AWS_EC2_METADATA_DISABLED: "true" },
  });
  expect([result.exitCode, result.stdout]).toEqual([1, ""]);
  expect(errorOf(result)).toMatch(
    /^error: no AWS credentials found: sign in .* or try it without an account by adding --local\n?$/,
  );
});

test("a tool that is missing is named, with what it is for and how to get it", async () => {
  const bin = join(checkout.root, "bin");
  mkdirSync(bin);
  for (const program of ["sh", "dirname", "npm", "cmp", "mkdir", "flock", "git"]) {
    symlinkSync(execaSync("sh", ["-c", `command -v ${program}`]).stdout, join(bin, program));
  }
  const result = await checkout.run("./deploy.sh", ["dev", "--yes"], { env: { PATH: bin } });
  expect(result.exitCode).toBe(1);
  expect(errorOf(result)).toMatch(
    /^error: terraform 1\.11 or newer is missing \(to plan and apply\): install it from https:/,
  );
});

test("a port that is in use is named with its holder, and nothing is left running", async () => {
  const base = Number((await checkout.run("sh", ["-c", "echo $WEBSTEAD_TWIN_PORT"])).stdout);
  const server = createServer().listen(base, "127.0.0.1");
  const result = await checkout.deploy("dev", "--local", "--yes");
  server.close();
  expect(result.exitCode).toBe(1);
  expect(errorOf(result)).toMatch(new RegExp(`port ${base}.*process ${process.pid}.*WEBSTEAD_TWIN_PORT`));
  expect(existsSync(join(checkout.root, "cdktf.out"))).toBe(false);
});

test("destroy without a running twin says that nothing is left to destroy", async () => {
  const result = await checkout.destroy("dev", "--local", "--yes");
  expect(result.exitCode).toBe(1);
  expect(errorOf(result)).toMatch(/^error: dev: the twin is not running, and what it held ended with it/);
});

test("a protected environment is refused with the two steps that lead to its end", async () => {
  expect((await checkout.run("npm", ["run", "-s", "twin", "--", "start"])).exitCode).toBe(0);
  const result = await checkout.destroy("prod", "--local", "--yes");
  expect(result.exitCode).toBe(1);
  expect(errorOf(result)).toMatch(/^error: prod is protected\. .* 1\. set "protect: false" in .* 2\. run/);
});

test("without a terminal and without --yes nothing is applied", async () => {
  const result = await checkout.deploy("dev", "--local");
  expect(result.exitCode).toBe(2);
  expect(errorOf(result)).toContain("there is no terminal to ask on: add --yes");
});
