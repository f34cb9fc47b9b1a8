import { closeSync, openSync, readFileSync } from "node:fs";
import { get } from "node:http";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../../__tests__/suites/database/wait.ts";
import { end, hasEnded, type Processes } from "../../twin/processes.ts";
import { cpuOfTree } from "../process-tree.ts";

/** Seconds that a start may take. */
const LIMIT = 60;

/** An app under comparison. */
export interface Contestant {
  readonly name: string;
  /** What it is made of, with versions. */
  readonly about: string;
  /** Answers 200 once the app and its database are there. */
  readonly readiness: string;
  /** How it is started on a port. */
  command(port: number): Program;
}

/** A program with all it is told. */
export interface Program {
  readonly program: string;
  readonly arguments: readonly string[];
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** An app that serves. */
export interface Serving {
  readonly url: string;
  readonly pid: number;
  /** Seconds from its start to the first 200 of `/healthz`. */
  readonly toFirst200: number;
  /** Seconds from its start to the first answer out of the database. */
  readonly toReady: number;
  stop(): Promise<void>;
}

/**
 * Starts an app and waits until it is ready and has nothing more to do. What it prints goes to a file in `folder`.
 * @throws Error with the end of what it printed if it ends or does not become ready
 */
export async function serve(contestant: Contestant, processes: Processes, folder: string): Promise<Serving> {
  const port = await freePort();
  const { program, arguments: args, folder: cwd, environment } = contestant.command(port);
  const log = join(folder, `${contestant.name.replace(/\W+/g, "-")}.log`);
  const output = openSync(log, "w");
  const started = performance.now();
  const stdio = ["ignore" as const, output, output];
  const child = processes.spawn(contestant.name, program, args, { cwd, env: { ...environment }, stdio });
  closeSync(output);
  const first200 = async (path: string): Promise<number> => {
    while (!(await answers200(port, path))) {
      if (hasEnded(child) || performance.now() - started > LIMIT * 1000) {
        throw new Error(
          `${contestant.name} does not answer ${path}:\n${readFileSync(log, "utf8").slice(-3000)}`,
        );
      }
      await sleep(2);
    }
    return (performance.now() - started) / 1000;
  };
  const pid = child.pid ?? 0;
  const toFirst200 = await first200("/healthz");
  const toReady = await first200(contestant.readiness);
  await idle(pid);
  return { url: `http://127.0.0.1:${port}`, pid, toFirst200, toReady, stop: () => end(child, 10_000) };
}

/** Starts apps for as long as something asks them, by their names' URLs. */
export async function whileServing<T>(
  contestants: readonly Contestant[],
  processes: Processes,
  folder: string,
  ask: (urls: ReadonlyMap<string, string>) => Promise<T>,
): Promise<T> {
  const serving = new Map<string, Serving>();
  try {
    for (const contestant of contestants) {
      serving.set(contestant.name, await serve(contestant, processes, folder));
    }
    return await ask(new Map([...serving].map(([name, { url }]) => [name, url])));
  } finally {
    await Promise.all([...serving.values()].map((each) => each.stop()));
  }
}

/** Waits until a process tree has used no processor for half a second: gunicorn is ready before its last worker is. */
async function idle(pid: number): Promise<void> {
  for (let before = -1, now = cpuOfTree(pid); now !== before; ) {
    await sleep(500);
    [before, now] = [now, cpuOfTree(pid)];
  }
}

function answers200(port: number, path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get({ host: "127.0.0.1", port, path, agent: false, timeout: 10_000 }, (response) => {
      response.resume();
      response.on("close", () => resolve(response.statusCode === 200));
    });
    request.on("timeout", () => request.destroy());
    request.on("error", () => resolve(false));
  });
}
