/**
 * Requests made up from the app's own description of its API, good ones and bad ones, against the process and a real
 * database: no error of the server, no answer that the description does not know, and nothing bad let in. Under a minute,
 * after the tool for it was installed once. The same requests on every run.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import { execa } from "execa";
import { readSettings } from "../../../cli/settings.ts";
import { Processes } from "../../../twin/processes.ts";
import { preparePython } from "../../../twin/python.ts";
import { Attacked } from "./attacked.ts";

jest.setTimeout(300_000);

/** Made-up requests at most for each operation and each kind of data, beside those that try each limit of a schema. */
const EXAMPLES = 100;

const settings = readSettings();
const folder = mkdtempSync(join(tmpdir(), "webapp-fuzz-"));
const description = join(settings.root, "webapp/openapi.json");
let attacked: Attacked;
let python: string;

beforeAll(async () => {
  python = await preparePython({
    folder: join(settings.workDir, "schemathesis"),
    requirements: [join(import.meta.dirname, "requirements.txt")],
    environment: settings.environment,
    processes: new Processes(join(folder, "processes")),
    onProgress: () => {},
  });
  attacked = await Attacked.start({ RATE_LIMIT: "0" });
});
afterAll(async () => {
  await attacked?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs schemathesis over all operations of a description. */
async function fuzz(file: string, examples: number) {
  const report = join(folder, "report.json");
  const { exitCode, all } = await execa(
    join(python, "../schemathesis"),
    [
      "--config-file",
      join(import.meta.dirname, "schemathesis.toml"),
      "run",
      file,
      `--url=${attacked.app.url}`,
      "--checks=all",
      "--mode=all",
      `--max-examples=${examples}`,
      "--generation-deterministic",
      "--continue-on-failure",
      "--no-color",
      `--report-json-path=${report}`,
    ],
    { cwd: folder, reject: false, all: true },
  );
  const cases = Number(/(\d+) generated/.exec(all)?.[1]);
  const tested = /Tested: (\d+)/.exec(all)?.[1];
  return { exitCode, all, cases, tested };
}

test("whatever the API's description allows and forbids is answered as it says", async () => {
  const { exitCode, all, cases, tested } = await fuzz(description, EXAMPLES);
  console.info(`schemathesis: ${cases} cases over ${tested} operations`);
  expect([exitCode, exitCode === 0 ? "" : all]).toEqual([0, ""]);
  expect(cases).toBeGreaterThan(1000);
  const { paths } = JSON.parse(readFileSync(description, "utf8")) as { paths: Record<string, object> };
  expect(Number(tested)).toBe(Object.values(paths).flatMap(Object.keys).length);
  const lines = attacked.app.output.split("\n");
  expect(lines.filter((line) => /"level":"(?:error|fatal)"|"status":5\d\d/.test(line))).toEqual([]);
});

test("a description that says something else is found out", async () => {
  const wrong = readFileSync(description, "utf8").replaceAll('"createdAt"', '"madeAt"');
  writeFileSync(join(folder, "wrong.json"), wrong);
  const { exitCode, all } = await fuzz(join(folder, "wrong.json"), 5);
  expect([exitCode, all.includes("Response violates schema")]).toEqual([1, true]);
});
