import { readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Counts, type Place, succeeds } from "./command.ts";

/** Jest's own count. A run that ends without one, or with no test in it, is a failure. */
export async function jest(project: string, place: Place): Promise<Counts> {
  const report = join(tmpdir(), `webstead-jest-${process.pid}-${project}.json`);
  const flags = ["--experimental-vm-modules", "--disable-warning=ExperimentalWarning"];
  await succeeds(place, "node", [
    ...flags,
    "node_modules/jest/bin/jest.js",
    "--selectProjects",
    project,
    "--json",
    `--outputFile=${report}`,
    ...(project === "unit" ? ["--maxWorkers=100%"] : ["--runInBand"]),
  ]);
  try {
    const result = JSON.parse(readFileSync(report, "utf8"));
    const failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
    return { passed: result.numPassedTests, failed: result.numTotalTests === 0 ? 1 : failed };
  } finally {
    rmSync(report, { force: true });
  }
}
