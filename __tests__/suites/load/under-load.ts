import { join } from "node:path";
import { expect } from "@jest/globals";
import { execa } from "execa";
import type { Failed, Seen } from "./load.ts";
import type { Mix } from "./mixes.ts";

/** What is asked of a URL while something happens. */
export interface Load {
  readonly url: string;
  /** Requests a second. */
  readonly rate: number;
  readonly mix: Mix;
  /** It goes on for at least so many requests. */
  readonly atLeast: number;
}

/** Runs `work` under a load, which is a process of its own. */
export async function underLoad<T>(
  { url, rate, mix, atLeast }: Load,
  work: () => Promise<T>,
): Promise<{ result: T; seen: Seen }> {
  const args = [join(import.meta.dirname, "load.ts"), url, String(rate), mix, String(atLeast)];
  const load = execa(process.execPath, args);
  try {
    const result = await work();
    load.stdin.end();
    return { result, seen: JSON.parse((await load).stdout) as Seen };
  } finally {
    load.kill();
    await load.catch(() => {});
  }
}

/** What a load saw, in one line of the log. */
export function tell(name: string, { sent, failed, slowest }: Seen): void {
  console.info(`${name}: ${sent} requests, ${failed.length} failed, slowest ${slowest} ms`);
}

/** A load of at least so many requests, none of which failed. */
export function expectNoFailure(seen: Seen, name: string, atLeast: number): void {
  tell(name, seen);
  expect(seen.sent).toBeGreaterThanOrEqual(atLeast);
  expect([seen.failed.length, sorts(seen.failed)]).toEqual([0, []]);
}

/** The first failure of each sort. */
export function sorts(failed: readonly Failed[]): string[] {
  const first = new Map<string, string>();
  for (const { what, outcome, started } of failed) {
    const sort = `${what}: ${outcome}`;
    if (!first.has(sort)) first.set(sort, `${new Date(started).toISOString()} ${sort}`);
  }
  return [...first.values()];
}
