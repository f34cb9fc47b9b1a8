/**
 * Makes a listening socket in a network namespace of its own and hands it to the parent: `unshare --net node
 * far-end.ts` with an IPC channel. Says `{ there: true }`, gets a FarEnd, answers with the socket, ends with its parent
 * or when that has what it wanted. The namespace lives on in the socket.
 */
import { execFileSync } from "node:child_process";
import { createServer } from "node:net";

/** The far end of the cable whose near end is the machine's network interface. */
export interface FarEnd {
  readonly device: string;
  readonly address: string;
  readonly port: number;
  /** The machine's address on its end of the cable. */
  readonly machine: string;
}

process.once("disconnect", () => process.exit(0));
process.once("message", ({ device, address, port, machine }: FarEnd) => {
  execFileSync("ip", ["address", "add", `${address}/32`, "dev", device]);
  execFileSync("ip", ["link", "set", device, "up"]);
  execFileSync("ip", ["route", "add", machine, "dev", device]);
  const server = createServer().listen(port, address, () => process.send?.({ server: true }, server));
});
process.send?.({ there: true });
