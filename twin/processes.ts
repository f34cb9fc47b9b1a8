import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/**
 * When a process started, in clock ticks since boot (/proc/<pid>/stat); undefined when there is none or it is
 * a zombie. Number and start time together name a process for good: numbers are used again.
 */
export function startTime(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

interface Entry {
  readonly pid: number;
  readonly start: string;
  readonly name: string;
}

/**
 * The processes the daemon started and has to end. Each runs in its own process group; a ledger file names
 * them for the guard and for the next start, should the daemon itself be killed.
 */
export class Processes {
  private readonly ledger: string;
  private readonly entries = new Map<number, Entry>();

  /** @param ledger file with one line per process: pid, start time, name */
  constructor(ledger: string) {
    this.ledger = ledger;
  }

  /** Starts a process in a group of its own and writes it down. A missing program is its "error" event. */
  spawn(name: string, command: string, args: readonly string[], options: SpawnOptions): ChildProcess {
    const child = spawn(command, args, { ...options, detached: true });
    const pid = child.pid;
    if (pid === undefined) return child;
    const start = startTime(pid);
    if (start !== undefined) this.entries.set(pid, { pid, start, name });
    this.save();
    child.once("exit", () => {
      // What it left running in its group has lost its owner.
      signalGroup(pid, "SIGKILL");
      this.entries.delete(pid);
      this.save();
    });
    return child;
  }

  /** Starts the shell that ends what is in the ledger once this process is gone, even by SIGKILL. */
  startGuard(): void {
    const guard = spawn("/bin/sh", [join(import.meta.dirname, "guard.sh"), this.ledger], {
      stdio: ["pipe", "ignore", "ignore"],
      detached: true,
    });
    guard.stdin?.on("error", () => {});
    guard.on("error", () => {});
    guard.unref();
  }

  private save(): void {
    const lines = [...this.entries.values()].map(({ pid, start, name }) => `${pid} ${start} ${name}\n`);
    writeFileSync(`${this.ledger}.new`, lines.join(""));
    renameSync(`${this.ledger}.new`, this.ledger);
  }
}

/** Whether the process has ended. */
export function hasEnded(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
}

/** SIGTERM to the process, SIGKILL to its whole group after `graceMs`; resolves when it has ended. */
export async function end(child: ChildProcess, graceMs: number): Promise<void> {
  if (hasEnded(child)) return;
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.pid !== undefined && signalGroup(child.pid, "SIGKILL"), graceMs);
  await ended;
  clearTimeout(timer);
}

/** Ends what a dead daemon's ledger names and what still runs; resolves with the names. */
export async function endLeftovers(ledger: string, graceMs = 5_000): Promise<string[]> {
  const running = () => readLedger(ledger).filter(({ pid, start }) => startTime(pid) === start);
  const found = running();
  for (const { pid } of found) signalGroup(pid, "SIGTERM");
  const deadline = Date.now() + graceMs;
  while (running().length > 0 && Date.now() < deadline) await delay(50);
  for (const { pid } of running()) signalGroup(pid, "SIGKILL");
  while (running().length > 0 && Date.now() < deadline + 5_000) await delay(50);
  return found.map(({ name }) => name);
}

function readLedger(file: string): Entry[] {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    return [];
  }
  return text.split("\n").flatMap((line) => {
    const [pid, start, ...name] = line.split(" ");
    return pid && start ? [{ pid: Number(pid), start, name: name.join(" ") }] : [];
  });
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // Nobody is left in the group.
  }
}
