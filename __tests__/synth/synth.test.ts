import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "@jest/globals";
import { small } from "../config/sample.ts";

const root = join(import.meta.dirname, "../..");
const scratch = await mkdtemp(join(tmpdir(), "synth-"));
afterAll(() => rm(scratch, { recursive: true, force: true }));

describe("two checkouts in different places, with different environment variables", () => {
  const both = Promise.all([
    checkout("one").then(async (folder) => ({ folder, ...(await synth(folder, { TZ: "UTC" })) })),
    checkout("deeper/two").then(async (folder) => ({
      folder,
      ...(await synth(folder, { TZ: "Asia/Tokyo", LANG: "de_DE.UTF-8", AWS_REGION: "eu-west-1" })),
    })),
  ]);

  test("give the same bytes", async () => {
    const [one, two] = (await both).map(({ folder }) => outputOf(folder));
    expect(Object.keys((await one) ?? {})).toEqual(
      expect.arrayContaining(["manifest.json", "stacks/dev/cdk.tf.json", "stacks/hardened/cdk.tf.json"]),
    );
    expect(await one).toEqual(await two);
  });

  test("name no place on this machine in them", async () => {
    for (const { folder } of await both) {
      expect(Object.values(await outputOf(folder)).join("\n")).not.toContain(scratch);
    }
  });

  test("say nothing when all is well", async () => {
    for (const result of await both) expect(result).toMatchObject({ exitCode: 0, stdout: "", stderr: "" });
  });
});

test("beside each stack stand the provider checksums that the repository keeps", async () => {
  const folder = await checkout("locked");
  await synth(folder);
  const kept = await readFile(join(root, ".terraform.lock.hcl"), "utf8");
  expect(await readFile(join(folder, "cdktf.out/stacks/dev/.terraform.lock.hcl"), "utf8")).toBe(kept);
});

test("every problem of every environment is printed, and nothing is written", async () => {
  const folder = await checkout("invalid");
  const dev = await readFile(join(folder, "config/environments/dev.ts"), "utf8");
  const broken = dev.replace('"single"', '"many"').replace('"protect": false', '"protect": "no"');
  await writeFile(join(folder, "config/environments/dev.ts"), broken);
  await writeFile(join(folder, "config/environments/staging.ts"), dev);

  const { exitCode, stdout, stderr } = await synth(folder);

  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
  expect(stderr.trim().split("\n")).toEqual([
    'dev: protect must be true or false, got "no"; use true',
    'dev: network.nat must be "single", "per-zone" or "none", got "many"; use "single"',
    'staging: name must be the name of its file, got "dev"; use "staging"',
  ]);
  expect(await readdir(folder)).not.toContain("cdktf.out");
});

test("a file that does not parse is shown with its line, without a stack trace", async () => {
  const folder = await checkout("unparsable");
  await writeFile(join(folder, "config/environments/dev.ts"), "export default {\n  name: \n};\n");

  const { exitCode, stderr } = await synth(folder);

  expect(exitCode).toBe(1);
  expect(stderr).toContain("config/environments/dev.ts:3:0");
  expect(stderr).not.toContain("node_modules");
});

test("an example becomes a stack as soon as its file is there", async () => {
  const folder = await checkout("example");
  const dev = await readFile(join(folder, "config/environments/dev.ts"), "utf8");
  await mkdir(join(folder, "config/examples"), { recursive: true });
  await writeFile(join(folder, "config/examples/small.ts"), dev.replace('"name": "dev"', '"name": "small"'));

  expect(await synth(folder)).toMatchObject({ exitCode: 0, stderr: "" });
  expect(Object.keys(await outputOf(folder))).toContain("stacks/small/cdk.tf.json");
});

test("main.ts alone, without the bundle, gives the same bytes", async () => {
  const folder = await checkout("unbundled");
  await synth(folder);
  const bundled = await outputOf(folder);
  await rm(join(folder, "cdktf.out"), { recursive: true });
  expect(await run(folder, "main.ts")).toMatchObject({ exitCode: 0, stderr: "" });
  expect(await outputOf(folder)).toEqual(bundled);
}, 30_000);

/** A copy of what synth reads, in a folder of its own. */
async function checkout(name: string): Promise<string> {
  const folder = join(scratch, name);
  await mkdir(join(folder, "cli"), { recursive: true });
  for (const path of ["config", "constructs", "main.ts", "package.json", ".terraform.lock.hcl"]) {
    await cp(join(root, path), join(folder, path), { recursive: true });
  }
  for (const path of ["cli/synth.ts", "cli/lazy-archiver.cjs"])
    await cp(join(root, path), join(folder, path));
  // Those in config/environments belong to whoever deploys, and may change.
  await rm(join(folder, "config/environments"), { recursive: true });
  await mkdir(join(folder, "config/environments"));
  const sample = `export default ${JSON.stringify(small, undefined, 2)};\n`;
  await writeFile(join(folder, "config/environments/dev.ts"), sample);
  await symlink(join(root, "node_modules"), join(folder, "node_modules"));
  return folder;
}

function synth(folder: string, variables: Record<string, string> = {}) {
  return run(folder, "cli/synth.ts", variables);
}

/** Runs a script of `folder` in it, with these variables alone. */
function run(folder: string, script: string, variables: Record<string, string> = {}) {
  return new Promise<{ exitCode: number; stdout: string; stderr: string }>((done) => {
    const child = execFile(
      process.execPath,
      [script],
      { cwd: folder, env: variables, timeout: 30_000 },
      (_error, stdout, stderr) => done({ exitCode: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}

/** Every synthesized JSON file by its path. */
async function outputOf(folder: string): Promise<Record<string, string>> {
  const output = join(folder, "cdktf.out");
  const entries = await readdir(output, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(".json"))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  return Object.fromEntries(
    await Promise.all(
      paths.map(async (path) => [path.slice(output.length + 1), await readFile(path, "utf8")]),
    ),
  );
}
