import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { identify, isRunning, type ProcessIdentity } from "../processes.ts";

/**
 * A Terraform process that outlives the command that started it.
 *
 * Terraform saves its state when it ends, so it must not die with a command line that is killed. It runs in a
 * process group of its own and writes to files; the command only reads them. The record of the run lets the next
 * command find it: to wait for it, or to see that it was killed and that the state lock it left is stale.
 */
export interface TerraformRun extends ProcessIdentity {
  /** What runs: "plan", "apply", "destroy". */
  readonly operation: string;
  /** ISO time. */
  readonly since: string;
}

/** How to start one run. */
export interface RunOptions {
  readonly operation: string;
  readonly args: readonly string[];
  /** The stack's folder, with cdk.tf.json in it. */
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Where the record and the output go; one folder per environment. */
  readonly runDir: string;
  /** Called with each whole line of the output. */
  readonly onLine: (line: string) => void;
  /** Called once Ctrl-C has been passed on. */
  readonly onInterrupt: () => void;
}

/** How a run ended. */
export interface RunResult {
  readonly exitCode: number;
  /** True when the user stopped it. */
  readonly interrupted: boolean;
  /** What Terraform wrote to stderr. */
  readonly stderr: string;
}

const POLL_MS = 100;

/**
 * Runs Terraform to its end. The first Ctrl-C or SIGTERM is passed on as one SIGINT, on which Terraform finishes
 * what is under way and saves the state; later ones are not, since a second one would make it drop the state.
 */
export async function runTerraform(options: RunOptions): Promise<RunResult> {
  mkdirSync(options.runDir, { recursive: true });
  const output = join(options.runDir, "output.jsonl");
  const errors = join(options.runDir, "errors.txt");
  const [out, err] = [openSync(output, "w", 0o600), openSync(errors, "w", 0o600)];
  const child = spawn("terraform", options.args, {
    cwd: options.cwd,
    env: options.environment,
    stdio: ["ignore", out, err],
    detached: true,
  });
  closeSync(out);
  closeSync(err);
  const ended = new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? 1));
  });
  let interrupted = false;
  const interrupt = () => {
    if (!interrupted && child.pid !== undefined) process.kill(child.pid, "SIGINT");
    interrupted = true;
    options.onInterrupt();
  };
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);
  try {
    const identity = child.pid === undefined ? undefined : identify(child.pid);
    if (identity !== undefined) writeRecord(options.runDir, { ...identity, operation: options.operation });
    let over = false;
    const exit = ended.finally(() => {
      over = true;
    });
    exit.catch(() => {});
    await followLines(output, () => over, options.onLine);
    const exitCode = await exit;
    rmSync(recordFile(options.runDir), { force: true });
    return { exitCode, interrupted, stderr: await readFile(errors, "utf8") };
  } finally {
    process.off("SIGINT", interrupt);
    process.off("SIGTERM", interrupt);
  }
}

/** The run that an earlier command left behind, if it did: still running, or killed before its end. */
export function abandonedRun(runDir: string): (TerraformRun & { running: boolean }) | undefined {
  try {
    const run = JSON.parse(readFileSync(recordFile(runDir), "utf8")) as TerraformRun;
    return { ...run, running: isRunning(run) };
  } catch {
    return undefined;
  }
}

/** Waits until an abandoned run has ended. One Ctrl-C is passed on to it, as in {@link runTerraform}. */
export async function awaitAbandonedRun(
  run: TerraformRun,
  runDir: string,
  onLine: (line: string) => void,
): Promise<void> {
  let interrupted = false;
  const interrupt = () => {
    if (!interrupted && isRunning(run)) process.kill(run.pid, "SIGINT");
    interrupted = true;
  };
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);
  try {
    await followLines(join(runDir, "output.jsonl"), () => !isRunning(run), onLine);
  } finally {
    process.off("SIGINT", interrupt);
    process.off("SIGTERM", interrupt);
  }
}

/** Forgets an abandoned run, once what it left behind is dealt with. */
export function forgetRun(runDir: string): void {
  rmSync(recordFile(runDir), { force: true });
}

function recordFile(runDir: string): string {
  return join(runDir, "run.json");
}

function writeRecord(runDir: string, run: Omit<TerraformRun, "since">): void {
  writeFileSync(recordFile(runDir), JSON.stringify({ ...run, since: new Date().toISOString() }));
}

/** Reads a growing file line by line until `isOver`, and then what is left of it. */
async function followLines(
  file: string,
  isOver: () => boolean,
  onLine: (line: string) => void,
): Promise<void> {
  const handle = await open(file, "r");
  try {
    const buffer = Buffer.alloc(64 * 1024);
    let rest = Buffer.alloc(0);
    for (;;) {
      const over = isOver();
      const { bytesRead } = await handle.read(buffer, 0, buffer.length);
      if (bytesRead === 0) {
        if (over) break;
        await wait(POLL_MS);
        continue;
      }
      rest = Buffer.concat([rest, buffer.subarray(0, bytesRead)]);
      for (let end = rest.indexOf("\n"); end >= 0; end = rest.indexOf("\n")) {
        onLine(rest.subarray(0, end).toString("utf8"));
        rest = rest.subarray(end + 1);
      }
    }
    if (rest.length > 0) onLine(rest.toString("utf8"));
  } finally {
    await handle.close();
  }
}
