/**
 * The process in a machine's network namespace, which has no way to any other network. `unshare --net node
 * forwarder.ts`, with an IPC channel to its parent: gets one message with what to open and a listening socket of the
 * host, answers with `{ ready: true }` or `{ problem }`, ends with its parent.
 *
 * A socket belongs to the namespace in which it was made. So connections accepted on the host's socket come from the
 * host, those made here go to the machine. The other way the host is reached through Unix sockets.
 *
 * What is not on loopback lies outside the machine, so that no listener of the machine collides with it: an interface
 * leads to a second namespace, with that one address in it.
 */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { connect, createServer, type Server } from "node:net";
import { join } from "node:path";
import type { FarEnd } from "./far-end.ts";
import { joinSockets } from "./join-sockets.ts";

/** An address of the machine's network behind which something of the host answers. */
export interface WayOut {
  readonly address: string;
  readonly port: number;
  /** The Unix socket of the host that leads there. */
  readonly socketPath: string;
}

/** What the forwarder opens. */
export interface Openings {
  /** The machine's port that the host's socket leads to. */
  readonly port: number;
  readonly waysOut: readonly WayOut[];
}

process.once("disconnect", () => process.exit(0));
process.once("message", (openings: Openings, server: Server) => {
  open(openings, server).then(
    () => process.send?.({ ready: true }),
    (error: Error) => process.send?.({ problem: error.message }),
  );
});

/** A link-local address: what an app that listens on all addresses is reached at, and one on loopback only is not. */
const MACHINE = "169.254.169.1";
const DEVICE = "eth0";

async function open({ port, waysOut }: Openings, server: Server): Promise<void> {
  ip("link", "set", "lo", "up");
  const onLoopback = (way: WayOut) => way.address.startsWith("127.");
  for (const way of waysOut.filter(onLoopback)) {
    const listener = createServer();
    await new Promise<void>((resolve, reject) => {
      listener.once("error", reject);
      listener.listen(way.port, way.address, resolve);
    });
    lead(listener, { path: way.socketPath });
  }
  const [outside, ...others] = waysOut.filter((way) => !onLoopback(way));
  if (others.length > 0) throw new Error(`only one address outside loopback, not ${others[0]?.address} too`);
  if (outside !== undefined) lead(await openFarEnd(outside), { path: outside.socketPath });
  lead(server, { host: outside === undefined ? "127.0.0.1" : MACHINE, port });
}

/** The listening socket of an address that a cable leads to. */
async function openFarEnd({ address, port }: WayOut): Promise<Server> {
  const script = join(import.meta.dirname, "far-end.ts");
  const child: ChildProcess = spawn("unshare", ["--net", process.execPath, script], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const failed = once(child, "exit").then(() => {
    throw new Error(`${address} cannot be given to the machine`);
  });
  failed.catch(() => {});
  await Promise.race([once(child, "message"), failed]);
  ip("link", "add", DEVICE, "type", "veth", "peer", "name", DEVICE, "netns", String(child.pid));
  ip("address", "add", `${MACHINE}/32`, "dev", DEVICE);
  ip("link", "set", DEVICE, "up");
  ip("route", "add", address, "dev", DEVICE);
  const end: FarEnd = { device: DEVICE, address, port, machine: MACHINE };
  const answer = once(child, "message") as Promise<[unknown, Server]>;
  child.send(end);
  const [, server] = await Promise.race([answer, failed]);
  child.disconnect();
  return server;
}

/** Sends each connection that comes in on to another place. */
function lead(from: Server, to: { path: string } | { host: string; port: number }): void {
  (from as Server & { allowHalfOpen: boolean }).allowHalfOpen = true;
  from.on("connection", (socket) => joinSockets(socket, connect({ ...to, allowHalfOpen: true })));
}

function ip(...command: string[]): void {
  execFileSync("ip", command);
}
