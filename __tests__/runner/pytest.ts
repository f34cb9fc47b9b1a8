import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Settings } from "../../cli/settings.ts";
import { Processes } from "../../twin/processes.ts";
import { preparePython } from "../../twin/python.ts";
import { type Outcome, type Place, say, succeeds } from "./command.ts";

/** The tests of the twin's AWS API, in a Python environment like the twin's own with pytest in it. */
export async function pytest(settings: Settings, place: Place): Promise<Outcome> {
  const awsApi = join(settings.root, "twin/aws-api");
  const folder = join(settings.workDir, "python-tests");
  mkdirSync(folder, { recursive: true });
  const python = await preparePython({
    folder: join(folder, "environment"),
    requirements: ["requirements.txt", "requirements-test.txt"].map((file) => join(awsApi, file)),
    environment: settings.environment,
    processes: new Processes(join(folder, "processes")),
    onProgress: (line) => say(place, line),
  });
  const report = join(tmpdir(), `webstead-pytest-${process.pid}.xml`);
  await succeeds(place, python, ["-m", "pytest", "-q", `--junitxml=${report}`, "tests"], awsApi);
  try {
    const xml = readFileSync(report, "utf8");
    const cases = [...xml.matchAll(/<testcase [^>]*\bname="([^"]*)"[^>]*?(?:\/>|>(.*?)<\/testcase>)/gs)];
    const failures = cases.filter(([, , inside]) => /<(failure|error)\b/.test(inside ?? ""));
    const skipped = cases.filter(([, , inside]) => /<skipped\b/.test(inside ?? ""));
    return {
      passed: cases.length - failures.length - skipped.length,
      failures: cases.length === 0 ? ["no test was found"] : failures.map(([, name]) => String(name)),
    };
  } finally {
    rmSync(report, { force: true });
  }
}
