import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  closeSync,
  copyFileSync,
  createReadStream,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { setTimeout as delay } from "node:timers/promises";
import type { DaemonStatus } from "./control.ts";
import { errorCode, requestJson } from "./http-json.ts";
import { machineProblem } from "./machines/requirements.ts";
import { RootFileSystems } from "./machines/root-file-systems.ts";
import { endLeftovers, hasEnded, startTime } from "./processes.ts";
import { StateFolder } from "./state-folder.ts";
import { WorldClient } from "./world.ts";

/** Exit code of flock(1) when another daemon holds the lock. */
const LOCKED = 75;
/** Without a new line of progress for this long a start has failed. pip is silent while it builds. */
const SILENCE_LIMIT_MS = 180_000;
const STOP_LIMIT_MS = 90_000;
const LARGEST_LOG = 1_000_000;
/** Proxied bodies are garbage at once: a young generation of a few MB instead of 48 keeps the daemon small under load. */
const SMALL_YOUNG_HEAP = "--max-semi-space-size=2";

/** How to start a twin. */
export interface TwinOptions {
  /** The checkout: the daemon's working directory. */
  readonly root: string;
  readonly stateDir: string;
  /** The AWS API's port; a listener of port P is on portBase + P. @default 8000 */
  readonly portBase?: number;
  readonly onProgress?: (line: string) => void;
}

/** A running twin. */
export type TwinStatus = DaemonStatus;

/**
 * Starts the twin if it does not run and waits until it answers. Two callers at once start one. Rejects with
 * one line: what is missing or in the way, and what to do.
 */
export async function startTwin({
  root,
  stateDir,
  portBase = 8000,
  onProgress,
}: TwinOptions): Promise<TwinStatus> {
  const state = new StateFolder(stateDir);
  state.create();
  let daemon: ChildProcess | undefined;
  let told = 0;
  let lastSign = Date.now();
  while (Date.now() - lastSign < SILENCE_LIMIT_MS) {
    const status = await ask(state);
    if (status?.phase === "ready") return status;
    const lines = status?.progress ?? [];
    for (const line of lines.slice(told)) onProgress?.(line);
    if (lines.length !== told) lastSign = Date.now();
    told = lines.length;
    if (daemon !== undefined && hasEnded(daemon)) {
      if (daemon.exitCode !== LOCKED) throw new Error(failureOf(state));
      // Another caller's daemon: look again, and try again once that one is gone.
      daemon = undefined;
    } else if (daemon === undefined && status === undefined) daemon = spawnDaemon(state, root, portBase);
    await delay(100);
  }
  throw new Error(`the twin did not start within ${SILENCE_LIMIT_MS / 1_000} s; see ${state.log("daemon")}`);
}

/** The running twin of a state folder, or undefined. Rejects if there is one that does not answer. */
export async function twinStatus(stateDir: string): Promise<TwinStatus | undefined> {
  return ask(new StateFolder(stateDir));
}

/**
 * Stops the twin and everything it started; true if there was something to stop. Rejects if it does not end
 * within 90 s.
 */
export async function stopTwin(stateDir: string): Promise<boolean> {
  const state = new StateFolder(stateDir);
  const status = await ask(state);
  if (status === undefined) return (await endLeftovers(state.ledger)).length > 0;
  const start = startTime(status.pid);
  await requestJson({ socketPath: state.control }, "POST", "/stop");
  const deadline = Date.now() + STOP_LIMIT_MS;
  while (start !== undefined && startTime(status.pid) === start) {
    if (Date.now() > deadline) {
      throw new Error(`the twin (process ${status.pid}) did not end; end it with: kill -9 ${status.pid}`);
    }
    await delay(50);
  }
  return true;
}

/** The environment in which AWS's tools see the twin as this account and region. Profile and session token must be unset. */
export function twinEnvironment(status: TwinStatus, account: string, region: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: status.endpoint,
    AWS_ACCESS_KEY_ID: `AKIATWIN${account}`,
    AWS_SECRET_ACCESS_KEY: "twin",
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_EC2_METADATA_DISABLED: "true",
    TF_VAR_local: "true",
  };
}

/** Where a load balancer's URL really answers: `http://<its DNS name>/path` becomes `http://127.0.0.1:8080/path`. Other URLs stay. */
export async function resolveUrl(status: TwinStatus, url: string): Promise<string> {
  const asked = new URL(url);
  const port = Number(asked.port || (asked.protocol === "https:" ? 443 : 80));
  const listener = (await ask(new StateFolder(status.stateDir)))?.listeners.find(
    (one) => [one.dnsName.toLowerCase(), ...one.aliases].includes(asked.hostname) && one.port === port,
  );
  if (listener === undefined) return url;
  const rest = `${asked.pathname}${asked.search}${asked.hash}`;
  const bare = !/^[a-z]+:\/\/[^/]+\//i.test(url);
  return listener.url + (bare ? rest.replace(/^\//, "") : rest);
}

/** The certificate of the twin's authority, PEM: what HTTPS listeners and databases show is signed by it. */
export function caCertificate({ stateDir }: TwinStatus): string {
  return readFileSync(new StateFolder(stateDir).caCertificate, "utf8");
}

/** Gives an account of the twin the hosted zone that an environment names: on AWS it is there before. */
export async function provideHostedZone(
  status: TwinStatus,
  zone: { account: string; id: string; name: string },
): Promise<void> {
  await new WorldClient(Number(new URL(status.endpoint).port)).provideHostedZone(zone);
}

/** Puts a release where instances find it. Rejects if the file's SHA-256 is another one. */
export async function addRelease(stateDir: string, tarball: string, sha256: string): Promise<void> {
  const state = new StateFolder(stateDir);
  state.create();
  const hash = createHash("sha256");
  await pipeline(createReadStream(tarball), hash);
  const got = hash.digest("hex");
  if (got !== sha256)
    throw new Error(`${tarball}: SHA-256 must be ${sha256}, got ${got}; build the release again`);
  const file = state.release(sha256);
  copyFileSync(tarball, `${file}.${process.pid}`);
  renameSync(`${file}.${process.pid}`, file);
}

/**
 * Makes an image of the running twin one that boots: its instances get this root file system, copied from a folder or
 * a tar. Without one an instance is a process of the release. Rejects with one line: not root, no such id or source.
 */
export async function addRootFileSystem(stateDir: string, imageId: string, source: string): Promise<void> {
  const problem = machineProblem();
  if (problem !== undefined) throw new Error(problem);
  await new RootFileSystems(new StateFolder(stateDir)).add(imageId, source);
}

async function ask(state: StateFolder): Promise<DaemonStatus | undefined> {
  try {
    return (await requestJson({ socketPath: state.control }, "GET", "/status")) as DaemonStatus;
  } catch (error) {
    // Nobody listens: no file, a dead daemon's file, or a daemon that ended during the question.
    if (["ENOENT", "ECONNREFUSED", "ECONNRESET"].includes(errorCode(error) ?? "")) return undefined;
    throw new Error(`the twin of ${state.root} does not answer; see ${state.log("daemon")}`, {
      cause: error,
    });
  }
}

/** flock holds the lock as long as the daemon lives, and not a moment longer: it can never be stale. */
function spawnDaemon(state: StateFolder, root: string, portBase: number): ChildProcess {
  const logFile = state.log("daemon");
  if ((statSync(logFile, { throwIfNoEntry: false })?.size ?? 0) > LARGEST_LOG)
    renameSync(logFile, `${logFile}.1`);
  const output = openSync(logFile, "a");
  const script = join(import.meta.dirname, "daemon.ts");
  const lock = ["--nonblock", "--no-fork", "--conflict-exit-code", String(LOCKED), state.lock];
  const daemon = spawn(
    "flock",
    [...lock, process.execPath, SMALL_YOUNG_HEAP, script, state.root, String(portBase)],
    {
      cwd: root,
      detached: true,
      stdio: ["ignore", output, output],
    },
  );
  closeSync(output);
  daemon.on("error", (error) => {
    const hint =
      errorCode(error) === "ENOENT"
        ? "flock not found; install it: apt-get install util-linux"
        : error.message;
    writeFileSync(state.failure, hint);
  });
  daemon.unref();
  return daemon;
}

function failureOf(state: StateFolder): string {
  try {
    return readFileSync(state.failure, "utf8");
  } catch {
    return `the twin ended at its start; see ${state.log("daemon")}`;
  }
}
