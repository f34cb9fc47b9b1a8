import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, loadavg, release, totalmem } from "node:os";
import { dirname } from "node:path";
import { type Figure, goalOf, isMet } from "../figure.ts";
import type { Contestant } from "./contestant.ts";
import { DIRECTORY_OPERATIONS, EMPLOYEES } from "./directory.ts";
import { rounded } from "./goals.ts";
import { OPERATIONS, type Operation } from "./operations.ts";
import { type Aspect, aspectOf, MEASURED, type Round, typical, WARMED } from "./rounds.ts";
import { CONNECTIONS } from "./wrk.ts";

/** The machine as it is when the measure begins. */
export interface Machine {
  readonly processor: string;
  readonly processors: number;
  /** GiB. */
  readonly memory: number;
  readonly kernel: string;
  /** Processes that want to run, on average of the last minute. */
  readonly load: number;
  readonly date: string;
  /** Whether others work here, so that the figures are not worth keeping. */
  readonly busy: boolean;
}

/** Looks at this machine. */
export function lookAtMachine(processors: number): Machine {
  const load = loadavg()[0] ?? 0;
  return {
    processor: cpus()[0]?.model.trim() ?? "unknown",
    processors,
    memory: totalmem() / 2 ** 30,
    kernel: release(),
    load,
    date: new Date().toISOString().slice(0, 16).replace("T", " "),
    busy: load > processors / 4,
  };
}

/** All there is to say about a run. */
export interface Run {
  readonly machine: Machine;
  readonly contestants: readonly Contestant[];
  readonly database: string;
  /** Bytes of the page, by app. */
  readonly pageLengths: ReadonlyMap<string, number>;
  readonly rounds: readonly Round[];
  readonly figures: readonly Figure[];
  /** What raw Node makes of Flask's requests/s, by operation. */
  readonly ceilings: readonly (readonly [string, number])[];
  readonly directory: DirectoryRun;
}

/** The directory in both places. */
export interface DirectoryRun {
  readonly contestants: readonly Contestant[];
  readonly rounds: readonly Round[];
}

/** Writes a run down as Markdown. */
export function writeResults(file: string, run: Run): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, markdown(run));
}

function markdown(run: Run): string {
  const { machine, contestants, database, pageLengths, rounds, figures, ceilings, directory } = run;
  return [
    "# The web app's speed",
    "",
    `Written by \`npm run bench -- web\` on ${machine.date} UTC. ${machine.processors} × ${machine.processor},`,
    `${machine.memory.toFixed(1)} GiB, Linux ${machine.kernel}; load average at the start ${machine.load.toFixed(2)}.`,
    ...(machine.busy ? ["", "**The machine was busy with something else: do not keep these figures.**"] : []),
    "",
    `${rounds.length} rounds, each with new processes. In each, every operation of every app in turn: ${WARMED} s unmeasured, ${MEASURED} s measured,`,
    `${CONNECTIONS} connections by wrk on the same machine. The database is one ${database} for all, over TLS, on the same machine.`,
    "Numbers are medians over the rounds; a ratio is the median of the rounds' ratios.",
    "All requests come from one address, so the app runs without its limit for one client (`RATE_LIMIT=0`).",
    "The page is the same markup from all, which is checked.",
    "",
    ...head("", "what it is", "its page, bytes"),
    ...contestants.map(({ name, about }) => row(name, about, String(pageLengths.get(name)))),
    "",
    "## Goals",
    "",
    ...head("", "ratio", "goal", "", "made of"),
    ...figures.map((figure) =>
      row(
        figure.name,
        figure.value.toFixed(2),
        goalOf(figure),
        isMet(figure) ? "met" : "**missed**",
        figure.made,
      ),
    ),
    "",
    "The load generator and the database take their part of the same processors, so that requests/s grow less than an app's own",
    `time shrinks: against Flask, raw Node makes ${ceilings.map(([name, value]) => `${value.toFixed(2)} (${name})`).join(", ")}.`,
    "",
    "## Each app",
    "",
    ...speeds(contestants, OPERATIONS, rounds),
    "",
    "## The app's employee directory, in MySQL and in DynamoDB",
    "",
    `The same release, ${directory.rounds.length} rounds in the same way, ${EMPLOYEES} employees. No DynamoDB is on this machine: a small server of the`,
    "benchmark speaks its protocol, without TLS, and has its answers ready. So this is what the app itself takes, by the AWS SDK",
    "and for reading all employees on every list; DynamoDB's own time, some milliseconds, comes on top. There is no goal.",
    "",
    ...head("", "what it is"),
    ...directory.contestants.map(({ name, about }) => row(name, about)),
    "",
    ...speeds(directory.contestants, DIRECTORY_OPERATIONS, directory.rounds),
    "",
  ].join("\n");
}

/** The table of all that was seen: a column for each app. */
function speeds(
  contestants: readonly Contestant[],
  operations: readonly Operation[],
  rounds: readonly Round[],
): string[] {
  const names = contestants.map(({ name }) => name);
  const line = (what: string, aspect: Aspect) =>
    row(what, ...names.map((name) => rounded(typical(rounds, name, aspect))));
  return [
    ...head("", ...names),
    ...operations.flatMap(({ name }) => [
      line(`${name}: requests/s`, aspectOf(name, "rate")),
      line(`${name}: p99, ms`, aspectOf(name, "p99")),
      line(`${name}: CPU/request, ms`, aspectOf(name, "cpu")),
    ]),
    line("start to first 200, s", ({ toFirst200 }) => toFirst200),
    line("start to first answer out of the database, s", ({ toReady }) => toReady),
    line("memory at rest, MiB", ({ memoryAtRest }) => memoryAtRest),
    line("memory after load, MiB", ({ memoryAfter }) => memoryAfter),
  ];
}

function head(...cells: readonly string[]): string[] {
  return [row(...cells), row(...cells.map(() => "---"))];
}

function row(...cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}
