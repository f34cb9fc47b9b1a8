import { readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { type Outcome, type Place, succeeds } from "./command.ts";

/** What of Jest's report is read here. */
interface Report {
  readonly numPassedTests: number;
  readonly numTotalTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

/** Jest's own count. A run that ends without one, or with no test in it, is a failure. */
export async function jest(project: string, place: Place): Promise<Outcome> {
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
    const result: Report = JSON.parse(readFileSync(report, "utf8"));
    const failures = result.testResults.flatMap(({ name, status, assertionResults }) => {
      const failed = assertionResults.filter((test) => test.status === "failed");
      // A file that cannot be loaded has failed, and none of its tests.
      return status === "failed" && failed.length === 0
        ? [relative(place.root, name)]
        : failed.map(({ fullName }) => fullName);
    });
    return {
      passed: result.numPassedTests,
      failures: result.numTotalTests === 0 && failures.length === 0 ? ["no test was found"] : failures,
    };
  } finally {
    rmSync(report, { force: true });
  }
}
