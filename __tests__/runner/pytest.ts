import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Settings } from "../../cli/settings.ts";
import { Processes } from "../../twin/processes.ts";
import { preparePython } from "../../twin/python.ts";
import { type Counts, type Place, say, succeeds } from "./command.ts";

/** The tests of the twin's AWS API, in a Python environment like the twin's own with pytest in it. */
export async function pytest(settings: Settings, place: Place): Promise<Counts> {
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
    const attribute = (name: string) =>
      Number(new RegExp(`<testsuite [^>]*\\b${name}="(\\d+)"`).exec(readFileSync(report, "utf8"))?.[1] ?? 0);
    const failed = attribute("failures") + attribute("errors");
    const passed = attribute("tests") - failed - attribute("skipped");
    return { passed, failed: attribute("tests") === 0 ? 1 : failed };
  } finally {
    rmSync(report, { force: true });
  }
}
