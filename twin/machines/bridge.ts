import type { ChildProcess } from "node:child_process";
import { rmSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { listen } from "../ports.ts";
import { end, type Processes } from "../processes.ts";
import type { Openings } from "./forwarder.ts";
import { joinSockets } from "./join-sockets.ts";
import { SYSTEM_PATH } from "./requirements.ts";

const OPEN_LIMIT_MS = 20_000;

/** Something of the host's loopback that a machine reaches under an address of its own network. */
export interface Reachable {
  /** Address and port in the machine's network. */
  readonly address: string;
  readonly port: number;
  /** Where it really is on the host. */
  readonly at: { readonly host: string; readonly port: number };
}

/** What a bridge leads to. */
export interface BridgeOptions {
  readonly name: string;
  readonly processes: Processes;
  /** Names a Unix socket of this bridge: an absolute path of at most 107 bytes. */
  readonly socket: (name: string) => string;
  /** The port of the machine that gets a port on the host's loopback. */
  readonly machinePort: number;
  readonly reachable: readonly Reachable[];
  /** Takes what goes wrong inside. */
  readonly onOutput: (text: string) => void;
}

/** A private network with nothing in it, and the few ways between it and the host's loopback. */
export class Bridge {
  /** The loopback port of the host that leads to the machine. */
  readonly port: number;
  private readonly forwarder: ChildProcess;
  private readonly relays: readonly Server[];

  private constructor(port: number, forwarder: ChildProcess, relays: readonly Server[]) {
    this.port = port;
    this.forwarder = forwarder;
    this.relays = relays;
  }

  /** A process in the network. */
  get pid(): number {
    return this.forwarder.pid ?? 0;
  }

  /** Makes the network. Rejects with one line if that is not possible. */
  static async open(options: BridgeOptions): Promise<Bridge> {
    const { name, processes, socket, machinePort, reachable, onOutput } = options;
    const relays: Server[] = [];
    const waysOut = await Promise.all(
      reachable.map(async ({ address, port, at }, index) => {
        const socketPath = socket(`out-${index}`);
        relays.push(await relay(socketPath, at));
        return { address, port, socketPath };
      }),
    );
    const server = createServer();
    const port = await listen(server, 0);
    const script = join(import.meta.dirname, "forwarder.ts");
    const forwarder = processes.spawn(`${name} network`, "unshare", ["--net", process.execPath, script], {
      env: { PATH: SYSTEM_PATH, NODE_NO_WARNINGS: "1" },
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    for (const stream of [forwarder.stdout, forwarder.stderr] as (Readable | null)[]) {
      stream?.setEncoding("utf8").on("data", onOutput);
    }
    const bridge = new Bridge(port, forwarder, relays);
    try {
      await opened(forwarder, { port: machinePort, waysOut }, server);
    } catch (error) {
      await bridge.close();
      throw error;
    } finally {
      // The forwarder has it now: this process must not accept its connections too.
      server.close();
    }
    return bridge;
  }

  /** Cuts all connections. The network itself lives as long as a process is in it. */
  async close(): Promise<void> {
    for (const server of this.relays) server.close();
    await end(this.forwarder, 1_000);
  }
}

async function relay(path: string, at: { host: string; port: number }): Promise<Server> {
  rmSync(path, { force: true });
  const server = createServer({ allowHalfOpen: true }, (socket) =>
    joinSockets(socket, connect({ ...at, allowHalfOpen: true })),
  );
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, resolve);
  });
  return server;
}

function opened(forwarder: ChildProcess, openings: Openings, server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (reason: string) => reject(new Error(`the machine's network cannot be made: ${reason}`));
    const timer = setTimeout(() => fail(`nothing for ${OPEN_LIMIT_MS / 1_000} s`), OPEN_LIMIT_MS);
    forwarder.once("error", (error) => fail(error.message));
    forwarder.once("exit", (code) => fail(`its process ended with code ${code}`));
    forwarder.once("message", (answer: { problem?: string }) => {
      if (answer.problem === undefined) resolve();
      else fail(answer.problem);
    });
    forwarder.send(openings, server, (error) => error && fail(error.message));
    forwarder.once("exit", () => clearTimeout(timer));
    forwarder.once("message", () => clearTimeout(timer));
  });
}
