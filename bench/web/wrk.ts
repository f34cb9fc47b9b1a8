import { join } from "node:path";
import { execa } from "execa";
import { findProgram, type Tool } from "../../cli/tools.ts";
import type { Operation } from "./operations.ts";

/** Connections that ask at the same time, each again as soon as it has its answer. */
export const CONNECTIONS = 32;

/**
 * The load generator: a program in C, so that it takes little of the processor that is measured; and one that comes to
 * terms with a server that closes the connection after each answer, as gunicorn's workers do.
 */
export const WRK: Tool = {
  name: "wrk",
  purpose: "to ask a great deal",
  find: () => findProgram("wrk"),
  packages: ["wrk"],
  remedy: "apt-get install wrk",
};

/** What a load saw. */
export interface Load {
  readonly requests: number;
  readonly seconds: number;
  /** The 99th percentile of the answers' times, in milliseconds. */
  readonly p99: number;
}

/**
 * Asks for one operation as often as it is answered.
 * @throws Error if an answer failed or had another status than a good one
 */
export async function load(url: string, operation: Operation, seconds: number): Promise<Load> {
  const { method, path, body } = operation;
  const script = join(import.meta.dirname, "wrk.lua");
  const { stdout } = await execa("wrk", [
    ...["--threads", "1", "--connections", String(CONNECTIONS), "--duration", `${seconds}s`],
    ...["--timeout", "10s", "--script", script, url + path, "--", method, body ?? ""],
  ]);
  const seen = JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
  const failed = Object.entries<number>(seen.errors).filter(([, count]) => count > 0);
  if (failed.length > 0 || seen.requests === 0) {
    const what = failed.map(([kind, count]) => `${count} × ${kind}`).join(", ") || "no answer at all";
    throw new Error(
      `${method} ${url}${path}: ${what} in ${seen.requests} answers: there is nothing to compare`,
    );
  }
  return { requests: seen.requests, seconds: seen.microseconds / 1e6, p99: seen.p99 / 1000 };
}
