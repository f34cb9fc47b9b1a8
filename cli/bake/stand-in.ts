import { chownSync, mkdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { LogFile } from "../../twin/log.ts";
import { Bridge } from "../../twin/machines/bridge.ts";
import { Container } from "../../twin/machines/container.ts";
import { machineProblem } from "../../twin/machines/requirements.ts";
import { copyRoot } from "../../twin/machines/root-file-systems.ts";
import { endLeftovers, Processes } from "../../twin/processes.ts";
import { StateFolder } from "../../twin/state-folder.ts";
import { Failure } from "../errors.ts";
import { BASE_USER } from "./base-root.ts";

const SSH_PORT = 22;
const READY_LIMIT_MS = 60_000;
const STOP_GRACE_MS = 30_000;

/** What the machine is that Packer works on. */
export interface StandInOptions {
  /** A stock system: see base-root.ts. */
  readonly base: string;
  /** The stand-in's own folder: emptied at start. Its root file system stays in it after `stop`. */
  readonly folder: string;
  /** The public key that opens it, one line as in authorized_keys. Packer gets the private one as ssh_private_key_file. */
  readonly authorizedKey: string;
  readonly onProgress?: (line: string) => void;
}

/** A booted machine that takes the place of the instance that Packer launched. */
export interface StandIn {
  /** On 127.0.0.1: Packer's ssh_port. */
  readonly sshPort: number;
  /** Packer's ssh_username: becomes root by sudo, as on Debian's AMI. */
  readonly user: string;
  /** The folder of its root file system. After `stop` it is what the image holds. */
  readonly root: string;
  /** Powers it off; may be called again. */
  stop(): Promise<void>;
}

/**
 * Boots a stock system with nothing but a loopback interface, and waits for its SSH server. It ends with this process,
 * however that ends.
 * @throws Failure in one line: not root, a program missing, no SSH within a minute
 */
export async function startStandIn(options: StandInOptions): Promise<StandIn> {
  const { base, authorizedKey, onProgress } = options;
  const problem = machineProblem();
  if (problem !== undefined) throw new Failure(problem);
  const folder = new StateFolder(options.folder);
  await endLeftovers(folder.ledger);
  rmSync(folder.root, { recursive: true, force: true });
  folder.create();
  const root = folder.path("system");
  onProgress?.("unpacking the base");
  await copyRoot(base, root);
  authorize(root, authorizedKey);
  const processes = new Processes(folder.ledger);
  processes.startGuard();
  const log = new LogFile(folder.log("console"));
  const bridge = await Bridge.open({
    name: "stand-in",
    processes,
    socket: (name) => folder.socket(`${name}.sock`),
    machinePort: SSH_PORT,
    reachable: [],
    onOutput: (text) => log.write(text),
  });
  const container = new Container({
    name: `stand-in-${process.pid}`,
    hostname: "stand-in",
    root,
    shared: false,
    folder: folder.root,
    networkOf: bridge.pid,
    processes,
    onOutput: (text) => log.write(text),
  });
  const stop = async () => {
    await container.stop(STOP_GRACE_MS);
    await bridge.close();
    log.close();
  };
  onProgress?.("booting it");
  try {
    await untilSsh(container, bridge.port, folder.log("console"));
  } catch (error) {
    await stop();
    throw error;
  }
  return { sshPort: bridge.port, user: BASE_USER, root, stop };
}

/** Where cloud-init puts the key pair's key on AWS. */
function authorize(root: string, key: string): void {
  const home = join(root, "home", BASE_USER);
  const { uid, gid } = statSync(home);
  const ssh = join(home, ".ssh");
  mkdirSync(ssh, { mode: 0o700 });
  writeFileSync(join(ssh, "authorized_keys"), `${key.trim()}\n`, { mode: 0o600 });
  for (const path of [ssh, join(ssh, "authorized_keys")]) chownSync(path, uid, gid);
}

async function untilSsh(container: Container, port: number, log: string): Promise<void> {
  const deadline = Date.now() + READY_LIMIT_MS;
  while (!(await greets(port))) {
    if (container.pid === undefined) throw new Failure(`the stand-in went off at its start; see ${log}`);
    if (Date.now() > deadline) {
      throw new Failure(`the stand-in's SSH did not answer within ${READY_LIMIT_MS / 1_000} s; see ${log}`);
    }
    await delay(100);
  }
}

/** Whether an SSH server says its version. */
function greets(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    const finish = (greeted: boolean) => {
      resolve(greeted);
      socket.destroy();
    };
    socket.setTimeout(2_000, () => finish(false));
    socket.once("data", (data) => finish(data.toString().startsWith("SSH-")));
    socket.once("error", () => finish(false));
    socket.once("close", () => finish(false));
  });
}
