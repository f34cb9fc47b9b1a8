/**
 * The container with the tools, as far as Debian's packages go: built by a real builder, then the command line in it.
 * Needs root. The base is the bake's Debian with this machine's Node, npm and Terraform in the place of what comes from
 * Docker Hub and HashiCorp.
 */
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import { execa } from "execa";
import { baseRoot } from "../../../cli/bake/base-root.ts";
import { findProgram } from "../../../cli/tools.ts";
import { PROJECT } from "./bootable-root.ts";

const MINUTE = 60_000;
jest.setTimeout(2 * MINUTE);

const folder = mkdtempSync(join(tmpdir(), "tools-"));
const store = ["--root", join(folder, "images"), "--runroot", join(folder, "run"), "--storage-driver", "vfs"];
const here = ["--isolation", "chroot", "--network", "host"];
let container = "";

const buildah = async (...args: string[]) => (await execa("buildah", [...store, ...args])).stdout.trim();

/** Where a program of this machine really lies: npm is a file in its own folder's bin/. */
const programFile = (name: string) => realpathSync(findProgram(name) ?? "");

/** Runs a command in the container as its documentation says, with the checkout at /work. */
const run = (...command: string[]) =>
  buildah("run", ...here, "--volume", `${PROJECT}:/work`, container, "--", ...command);

beforeAll(async () => {
  const { tar } = await baseRoot({ root: PROJECT, workDir: join(PROJECT, ".webstead") });
  const base = await buildah("from", "scratch");
  await buildah("add", "--quiet", base, tar, "/");
  await buildah("copy", "--quiet", base, realpathSync(process.execPath), "/usr/local/bin/node");
  await buildah(
    "copy",
    "--quiet",
    base,
    join(programFile("npm"), "../.."),
    "/usr/local/lib/node_modules/npm",
  );
  await buildah("copy", "--quiet", base, programFile("terraform"), "/usr/local/bin/terraform");
  await buildah(
    "run",
    ...here,
    base,
    "--",
    "ln",
    "-s",
    "../lib/node_modules/npm/bin/npm-cli.js",
    "/usr/local/bin/npm",
  );
  await buildah("commit", "--quiet", "--rm", base, "localhost/base:test");
  const file = join(PROJECT, "container/tools.Dockerfile");
  const options = ["--target", "packages", "--build-arg", "BASE=localhost/base:test", "--file", file];
  await buildah("build", ...here, ...options, "--tag", "localhost/tools:test", join(PROJECT, "container"));
  container = await buildah("from", "localhost/tools:test");
}, 8 * MINUTE);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("every tool of a deploy is found in it, with nothing left to install", async () => {
  const script = `
    import { GIT, TERRAFORM, TWIN_TOOLS } from "./cli/tools.ts";
    import { ANSIBLE, PACKER } from "./cli/bake/requirements.ts";
    const missing = [TERRAFORM, GIT, ...TWIN_TOOLS, PACKER, ANSIBLE].filter((tool) => tool.find() === undefined);
    console.log(JSON.stringify(missing.map(({ name }) => name)));`;
  expect(await run("node", "--input-type=module", "--eval", script)).toBe("[]");
});

test("the command line runs in it, on the checkout that is mounted", async () => {
  await expect(run("./deploy.sh", "--help")).resolves.toBe("");
  await expect(run("./deploy.sh", "nowhere")).rejects.toMatchObject({
    stderr: expect.stringContaining("nowhere"),
  });
  expect(await run("git", "config", "--system", "--get", "safe.directory")).toBe("*");
});
