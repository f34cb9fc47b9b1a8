import { execaSync } from "execa";
import { startTime } from "../twin/processes.ts";

/** A process that can be told from a later one with the same id. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it started, in the words of the operating system: only for comparison. */
  readonly startedAt: string;
}

/** The identity of a running process, or undefined when there is none with this id. */
export function identify(pid: number): ProcessIdentity | undefined {
  const startedAt = startOf(pid);
  return startedAt === undefined ? undefined : { pid, startedAt };
}

/** Whether exactly this process still runs: a later one that was given the same id does not count. */
export function isRunning(identity: ProcessIdentity): boolean {
  return startOf(identity.pid) === identity.startedAt;
}

function startOf(pid: number): string | undefined {
  if (process.platform === "linux") return startTime(pid);
  const { stdout, exitCode } = execaSync("ps", ["-o", "lstart=", "-p", String(pid)], { reject: false });
  return exitCode === 0 ? stdout.trim() : undefined;
}
