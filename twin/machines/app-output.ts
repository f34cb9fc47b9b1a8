import type { ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import type { Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { end, type Processes } from "../processes.ts";
import { SYSTEM_PATH } from "./requirements.ts";

/** Made when journald has moved what it logged in memory to where it stays: a reader from before would miss the rest. */
const FLUSHED = "/run/systemd/journal/flushed";
/** A system that never says so is read all the same. */
const FLUSH_LIMIT_MS = 10_000;
/** What a machine tells of its app: the journal of these units, and the file that the app's unit logs to. */
const UNITS = ["--unit=webapp.service", "--unit=webapp-settings.service"];
const LOG_FILE = "/var/log/webapp/app.log";
const EVERY_MS = 100;
const LAST_WORDS_MS = 300;

/** Whose output is followed, and where it goes. */
export interface AppOutputOptions {
  readonly name: string;
  readonly processes: Processes;
  /** The machine's first process. */
  readonly leader: number;
  readonly onOutput: (text: string) => void;
}

/**
 * Follows the app's output from the machine's start on. No follower is in the machine's process namespace: when that
 * powers off it would stop them with a signal, and wait for ever for those that are stopped.
 *
 * @returns stops following: call it when the machine is off, what it has written is passed on first
 */
export function followAppOutput(options: AppOutputOptions): () => Promise<void> {
  const { name, processes, leader, onOutput } = options;
  const followers: ChildProcess[] = [];
  const follow = (what: string, command: string, args: readonly string[]) => {
    const child = processes.spawn(`${name} ${what}`, command, args, {
      env: { PATH: SYSTEM_PATH, LC_ALL: "C.UTF-8" },
      stdio: ["ignore", "pipe", "ignore"],
    });
    followers.push(child);
    passWholeLines(child, onOutput);
  };
  const root = `/proc/${leader}/root`;
  const since = Math.floor(Date.now() / 1_000) - 1;
  const deadline = Date.now() + FLUSH_LIMIT_MS;
  void when(leader, () => existsSync(root + FLUSHED) || Date.now() > deadline).then((there) => {
    const journal = [
      `--root=${root}`,
      `--since=@${since}`,
      "--follow",
      "--no-tail",
      "--output=cat",
      ...UNITS,
    ];
    if (there) follow("journal", "journalctl", journal);
  });
  void when(leader, () => existsSync(root + LOG_FILE)).then((there) => {
    // In the machine's mounts: the file can be read to its end when the machine is off.
    const tail = ["tail", "--lines=+1", "--follow=name", "--retry", "--sleep-interval=0.1", LOG_FILE];
    if (there) follow("log", "nsenter", [`--target=${leader}`, "--mount", "--", ...tail]);
  });
  return async () => {
    await delay(LAST_WORDS_MS);
    await Promise.all(followers.map((follower) => end(follower, 1_000)));
  };
}

/** Lines of two sources go into one file: never half of one and half of the other. */
function passWholeLines(child: ChildProcess, onOutput: (text: string) => void): void {
  let rest = "";
  child.on("error", (error) => onOutput(`${error.message}\n`));
  (child.stdout as Readable).setEncoding("utf8").on("data", (chunk: string) => {
    const end = chunk.lastIndexOf("\n") + 1;
    if (end > 0) onOutput(rest + chunk.slice(0, end));
    rest = end > 0 ? chunk.slice(end) : rest + chunk;
  });
}

/** Resolves true once `test` is, false if the machine ends before. */
async function when(leader: number, test: () => boolean): Promise<boolean> {
  while (existsSync(`/proc/${leader}/root/`)) {
    if (test()) return true;
    await delay(EVERY_MS);
  }
  return false;
}
