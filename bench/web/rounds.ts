import type { Processes } from "../../twin/processes.ts";
import { median } from "../figure.ts";
import { cpuOfTree, memoryOfTree } from "../process-tree.ts";
import { type Contestant, type Serving, serve } from "./contestant.ts";
import type { Operation } from "./operations.ts";
import { load } from "./wrk.ts";

/** Rounds; each begins with new processes. */
export const ROUNDS = 5;

/** Rounds of the directory, which has no goal. */
export const DIRECTORY_ROUNDS = 3;

/** Seconds of load on each operation, in each round: unmeasured before, and measured. */
export const WARMED = 1;
export const MEASURED = 3;

/** What one app showed in one round. */
export interface Showing {
  /** Seconds from the start to the first 200, and to the first answer out of the database. */
  readonly toFirst200: number;
  readonly toReady: number;
  /** MiB, as soon as it is ready, and after all operations. */
  readonly memoryAtRest: number;
  memoryAfter: number;
  /** By the operation's name. */
  readonly operations: Map<string, Speed>;
}

/** How an app does one operation. */
export interface Speed {
  /** Requests a second. */
  readonly rate: number;
  /** Milliseconds. */
  readonly p99: number;
  /** Milliseconds of processor for each request, of all its processes; the database's are not among them. */
  readonly cpu: number;
}

/** What a round is about. */
export interface Course {
  readonly operations: readonly Operation[];
  /** Takes away what was written. */
  readonly reset: () => Promise<void>;
}

/** One round: what each app showed, by its name. */
export type Round = ReadonlyMap<string, Showing>;

/** All start anew; then each operation is asked of one after the other, so that what they are compared by is near in time. */
export async function playRound(
  contestants: readonly Contestant[],
  { operations, reset }: Course,
  processes: Processes,
  folder: string,
): Promise<Round> {
  const running = new Map<string, Serving>();
  const round = new Map<string, Showing>();
  try {
    for (const contestant of contestants) {
      const serving = await serve(contestant, processes, folder);
      const { pid, toFirst200, toReady } = serving;
      const memoryAtRest = memoryOfTree(pid);
      running.set(contestant.name, serving);
      const showing = { toFirst200, toReady, memoryAtRest, memoryAfter: 0, operations: new Map() };
      round.set(contestant.name, showing);
    }
    for (const operation of operations) {
      for (const [name, { url, pid }] of running) {
        await load(url, operation, WARMED);
        const before = cpuOfTree(pid);
        const { requests, seconds, p99 } = await load(url, operation, MEASURED);
        const cpu = ((cpuOfTree(pid) - before) * 1000) / requests;
        round.get(name)?.operations.set(operation.name, { rate: requests / seconds, p99, cpu });
        if (operation.method === "POST") await reset();
      }
    }
    for (const [name, { pid }] of running) {
      const showing = round.get(name);
      if (showing) showing.memoryAfter = memoryOfTree(pid);
    }
    return round;
  } finally {
    await Promise.all([...running.values()].map((serving) => serving.stop()));
  }
}

/** One number out of a showing. */
export type Aspect = (showing: Showing) => number;

/** What an operation shows. */
export function aspectOf(operation: string, key: keyof Speed): Aspect {
  return ({ operations }) => operations.get(operation)?.[key] ?? Number.NaN;
}

/** The median over the rounds. */
export function typical(rounds: readonly Round[], name: string, aspect: Aspect): number {
  return median(rounds.map((round) => of(round, name, aspect)));
}

/** The median over the rounds of the ratio of one app to another. */
export function ratio(rounds: readonly Round[], own: string, other: string, aspect: Aspect): number {
  return median(rounds.map((round) => of(round, own, aspect) / of(round, other, aspect)));
}

function of(round: Round, name: string, aspect: Aspect): number {
  const showing = round.get(name);
  return showing === undefined ? Number.NaN : aspect(showing);
}
