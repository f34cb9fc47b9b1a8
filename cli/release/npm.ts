import { execa } from "execa";

/** A connection that stalls is given up and tried again; npm's own patience is five minutes. */
const PATIENCE = ["--fetch-timeout=60000", "--fetch-retries=4", "--fetch-retry-mintimeout=1000"];

/** Each request to the registry is told, for only there npm says why it left out an optional package. */
const TELLING = ["--no-audit", "--no-fund", "--loglevel=http"];

/** How an installation ended. */
export interface Installation {
  /** False also where npm left out an optional package that it could not fetch: npm calls that a success. */
  readonly failed: boolean;
  /** Why a package is missing, in npm's words; empty if it named no reason. */
  readonly reason: string;
}

/**
 * `npm ci` in a folder, running no package's script.
 * @param options further options of npm, such as `--omit=dev`
 * @param timeout for all packages, in milliseconds
 */
export async function installLocked(
  folder: string,
  options: readonly string[],
  timeout: number,
): Promise<Installation> {
  const { failed, timedOut, stderr } = await execa(
    "npm",
    ["ci", "--ignore-scripts", ...TELLING, ...PATIENCE, ...options],
    { cwd: folder, reject: false, stdin: "ignore", timeout },
  );
  return { failed, reason: timedOut ? `not within ${timeout / 1000} s` : reasonOf(stderr) };
}

/** Its errors; without any the last request that failed for good or in between. */
function reasonOf(stderr: string): string {
  const lines = stderr.trim().split("\n");
  const errors = lines.filter((line) => !/^npm (?:http|warn|WARN|notice) /.test(line));
  const request = lines.findLast((line) => / failed with /.test(line));
  return errors.join("\n").trim() || (request?.replace(/^npm http fetch /, "") ?? "");
}
