import { linkSync, mkdirSync, readFileSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { Failure } from "./errors.ts";
import { identify, isRunning, type ProcessIdentity } from "./processes.ts";

/** Who holds a lock, as its file says. */
interface Holder extends ProcessIdentity {
  readonly command: string;
  readonly since: string;
}

/**
 * One deploy or destroy of an environment at a time in this checkout. (Between machines the lock on the Terraform
 * state does the same.) A lock whose process has died is taken over.
 *
 * @returns the function that gives the lock back
 * @throws Failure naming the lock, its holder and what to do, when a running command holds it
 */
export function takeLock(file: string, environment: string, command: string): () => void {
  mkdirSync(dirname(file), { recursive: true });
  const self: Holder = {
    ...(identify(process.pid) ?? { pid: process.pid, startedAt: "" }),
    command,
    since: new Date().toISOString(),
  };
  // Written aside and linked into place: the lock appears whole or not at all.
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(self));
  try {
    for (let attempt = 0; attempt < 3; attempt++) {
      if (link(draft, file)) return () => release(file, self);
      const holder = readHolder(file);
      if (holder !== undefined && isRunning(holder)) {
        throw new Failure(
          `${environment}: "${holder.command}" (process ${holder.pid}, since ${holder.since}) holds the lock ${file}; wait until it ends, or stop it with Ctrl-C`,
        );
      }
      rmSync(file, { force: true });
    }
    throw new Failure(
      `${environment}: could not take the lock ${file}; another command takes it at the same time`,
    );
  } finally {
    unlinkSync(draft);
  }
}

function link(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

function readHolder(file: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Holder;
  } catch {
    return undefined;
  }
}

function release(file: string, self: Holder): void {
  const holder = readHolder(file);
  if (holder?.pid === self.pid && holder.startedAt === self.startedAt) rmSync(file, { force: true });
}
