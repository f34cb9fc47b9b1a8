import { readFileSync } from "node:fs";
import { execaSync } from "execa";

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
  if (process.platform === "linux") return startFromProc(pid);
  const { stdout, exitCode } = execaSync("ps", ["-o", "lstart=", "-p", String(pid)], { reject: false });
  return exitCode === 0 ? stdout.trim() : undefined;
}

/** The 22nd field of /proc/<pid>/stat; the second, the name, may hold blanks and brackets. A zombie is not running. */
function startFromProc(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? undefined : fields[19];
  } catch {
    return undefined;
  }
}
