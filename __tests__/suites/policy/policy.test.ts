/**
 * Every stack as Terraform and checkov see it. A minute, most of it to install checkov once: it pins an SDK of its own,
 * so it has an environment of its own.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { execa } from "execa";
import { terraformVariables } from "../../../cli/cloud.ts";
import { readSettings } from "../../../cli/settings.ts";
import { loadEnvironments } from "../../../config/load.ts";
import { Processes } from "../../../twin/processes.ts";
import { preparePython } from "../../../twin/python.ts";
import { skips } from "./skips.ts";

jest.setTimeout(300_000);

/** What of a stack checkov reads; it ends at a block that it does not know. */
const READ = ["provider", "resource", "data"];

const settings = readSettings();
const folder = mkdtempSync(join(tmpdir(), "policy-"));
const names = (await loadEnvironments(settings.root)).map(({ environment }) => environment.name);
const stackFolder = (name: string) => join(folder, "out/stacks", name);

beforeAll(async () => {
  await execa(process.execPath, ["cli/synth.ts"], {
    cwd: settings.root,
    env: { CDKTF_OUTDIR: join(folder, "out") },
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each(names)("Terraform finds %s valid", async (name) => {
  const options = {
    cwd: stackFolder(name),
    env: terraformVariables(settings),
    reject: false,
    all: true,
  } as const;
  const init = await execa("terraform", ["init", "-backend=false", "-input=false", "-no-color"], options);
  expect([init.exitCode, init.exitCode === 0 ? "" : init.all]).toEqual([0, ""]);
  const { exitCode, all } = await execa("terraform", ["validate", "-no-color"], options);
  expect([exitCode, exitCode === 0 ? "" : all]).toEqual([0, ""]);
});

describe("checkov", () => {
  let failed: { check_id: string; check_name: string; resource: string }[] = [];
  let passed = 0;

  beforeAll(async () => {
    const python = await preparePython({
      folder: join(settings.workDir, "checkov"),
      requirements: [join(import.meta.dirname, "requirements.txt")],
      environment: settings.environment,
      processes: new Processes(join(folder, "processes")),
      onProgress: () => {},
    });
    for (const name of names) {
      const stack = JSON.parse(readFileSync(join(stackFolder(name), "cdk.tf.json"), "utf8"), (key, value) =>
        key === "//" ? undefined : value,
      );
      mkdirSync(join(folder, "read", name), { recursive: true });
      const read = Object.fromEntries(Object.entries(stack).filter(([block]) => READ.includes(block)));
      writeFileSync(join(folder, "read", name, "main.tf.json"), JSON.stringify(read));
    }
    const { stdout } = await execa(
      join(python, "../checkov"),
      [
        "-d",
        join(folder, "read"),
        "--framework",
        "terraform_json",
        "--quiet",
        "--compact",
        "-o",
        "json",
        "--soft-fail",
      ],
      { env: { LOG_LEVEL: "ERROR" } },
    );
    const { results, summary } = JSON.parse(stdout);
    failed = results.failed_checks;
    passed = summary.passed;
  });

  test("has looked at all of them", () => {
    expect(passed).toBeGreaterThan(100 * names.length);
  });

  test("finds nothing but what is not done for a reason", () => {
    const unexplained = failed.filter(({ check_id }) => skips[check_id] === undefined);
    expect(
      unexplained.map(({ check_id, check_name, resource }) => `${check_id} ${check_name}: ${resource}`),
    ).toEqual([]);
  });

  test("finds everything that a reason is given for", () => {
    const found = new Set(failed.map(({ check_id }) => check_id));
    expect(Object.keys(skips).filter((id) => !found.has(id))).toEqual([]);
  });
});
