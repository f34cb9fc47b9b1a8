/**
 * The daemon's process: `node twin/daemon.ts <state folder> <port base>`, started by client.ts under the lock of
 * its state folder. Owns the AWS API and the twin; ends with everything it started.
 */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AWS_API_FOLDER, AwsApi } from "./aws-api-process.ts";
import { Control, type DaemonStatus } from "./control.ts";
import { messageOf } from "./http-json.ts";
import { isFree, portHolder } from "./ports.ts";
import { endLeftovers, Processes } from "./processes.ts";
import { preparePython } from "./python.ts";
import { StateFolder } from "./state-folder.ts";
import { Twin } from "./twin.ts";

const [stateDir = ".twin", portBaseText = "8000"] = process.argv.slice(2);
const state = new StateFolder(stateDir);
const portBase = Number(portBaseText);
const startedAt = new Date().toISOString();
const progress: string[] = [];
let phase: DaemonStatus["phase"] = "starting";
let awsApi: AwsApi | undefined;

const log = (line: string) => console.log(`${new Date().toISOString()} ${line}`);
const say = (line: string) => {
  progress.push(line);
  log(line);
};

const processes = new Processes(state.ledger);
const twin = new Twin({ state, processes, portBase, log });
const control = new Control(state.control, status, () => void stop("stopped", 0));

for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => void stop(`got ${signal}`, 0));
process.on("uncaughtException", (error) => log(`uncaught: ${error.stack}`));
process.on("unhandledRejection", (error) => log(`unhandled: ${messageOf(error)}`));

rmSync(state.failure, { force: true });
start().catch((error) => {
  writeFileSync(state.failure, messageOf(error));
  void stop(messageOf(error), 1);
});

async function start(): Promise<void> {
  await control.open();
  const leftovers = await endLeftovers(state.ledger);
  if (leftovers.length > 0) say(`ended what an earlier twin left running: ${leftovers.join(", ")}`);
  state.clean();
  processes.startGuard();
  await requireFreePort();
  await twin.certificates.prepare();
  const environment = childEnvironment();
  const python = await preparePython({
    folder: state.path("python"),
    requirements: [join(AWS_API_FOLDER, "requirements.txt")],
    environment,
    processes,
    onProgress: say,
  });
  say("starting the AWS API");
  awsApi = new AwsApi({
    python,
    port: portBase,
    environment,
    logFile: state.log("aws-api"),
    processes,
    onExit: (reason) => void stop(reason, 1),
  });
  await awsApi.ready();
  if (phase !== "starting") return;
  phase = "ready";
  log(`ready on http://127.0.0.1:${portBase}`);
  await twin.follow();
}

/** The cloud ends as one: without the AWS API nothing else has a meaning. */
async function stop(reason: string, code: number): Promise<void> {
  if (phase === "stopping") return;
  phase = "stopping";
  log(`stopping: ${reason}`);
  await twin.stop().catch((error) => log(`stop: ${messageOf(error)}`));
  await awsApi?.stop();
  state.clean();
  control.close();
  log("ended");
  process.exit(code);
}

async function requireFreePort(): Promise<void> {
  if (await isFree(portBase)) return;
  const holder = portHolder(portBase);
  const who = holder === undefined ? "another process" : `process ${holder.pid} (${holder.command})`;
  throw new Error(
    `port ${portBase} is in use by ${who}; stop it, or set WEBSTEAD_TWIN_PORT to another base, e.g. ${portBase + 1_000}`,
  );
}

/** What Python sees of this environment: nothing of AWS, for no call may ever leave this machine. */
function childEnvironment(): NodeJS.ProcessEnv {
  // biome-ignore lint/style/noProcessEnv: passed on, not read: PATH, HOME and how pip reaches its index.
  const given = process.env;
  return Object.fromEntries(Object.entries(given).filter(([name]) => !/^(AWS_|PYTHON|TF_)/.test(name)));
}

function status(): DaemonStatus {
  const health = [...twin.loadBalancers.health().values()].flat();
  const parts = { daemon: process.pid, ...(awsApi?.pid === undefined ? {} : { "aws-api": awsApi.pid }) };
  return {
    phase,
    pid: process.pid,
    startedAt,
    endpoint: `http://127.0.0.1:${portBase}`,
    stateDir: state.root,
    portBase,
    parts: Object.fromEntries(
      Object.entries(parts).map(([name, pid]) => [name, { pid, residentBytes: residentBytes(pid) }]),
    ),
    instances: [...twin.fleet.status(), ...twin.tasks.status()].map(({ target, ...one }) => ({
      ...one,
      health: health.find(({ id }) => id === target)?.state,
    })),
    listeners: twin.loadBalancers.status(),
    databases: twin.databases.status(),
    progress,
  };
}

function residentBytes(pid: number): number {
  try {
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) * 1_024;
  } catch {
    return 0;
  }
}
