import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { type AddressInfo, createServer, type Server } from "node:net";
import { errorCode } from "./http-json.ts";

/** Listens on 127.0.0.1 (or `host`); resolves with the port. Port 0 is any free one. Rejects with the socket's error. */
export function listen(server: Server, port: number, host = "127.0.0.1"): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/** Listens on `port` or the next free one after it. */
export async function listenFrom(server: Server, port: number): Promise<number> {
  for (let candidate = port; candidate < Math.min(port + 200, 65_536); candidate += 1) {
    try {
      return await listen(server, candidate);
    } catch (error) {
      if (!["EADDRINUSE", "EACCES"].includes(errorCode(error) ?? "")) throw error;
    }
  }
  return listen(server, 0);
}

/** Whether `host`:`port` can be listened on now. */
export async function isFree(port: number, host = "127.0.0.1"): Promise<boolean> {
  const server = createServer();
  try {
    await listen(server, port, host);
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}

const givenOut = new Set<number>();

/** A free loopback port that this process has not given out before. */
export async function freePort(): Promise<number> {
  for (;;) {
    const server = createServer();
    const port = await listen(server, 0);
    await new Promise((resolve) => server.close(resolve));
    if (givenOut.has(port)) continue;
    givenOut.add(port);
    return port;
  }
}

/** Which process listens on a TCP port of this machine, as far as /proc shows it to this user. */
export function portHolder(port: number): { pid: number; command: string } | undefined {
  const inodes = new Set(["tcp", "tcp6"].flatMap((table) => listeningInodes(table, port)));
  if (inodes.size === 0) return undefined;
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      for (const descriptor of readdirSync(`/proc/${pid}/fd`)) {
        const inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${descriptor}`))?.[1];
        if (inode !== undefined && inodes.has(inode)) {
          const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
          return { pid: Number(pid), command: command.slice(0, 120) };
        }
      }
    } catch {
      // Another user's process, or one that has just ended.
    }
  }
  return undefined;
}

function listeningInodes(table: string, port: number): string[] {
  try {
    const hexPort = port.toString(16).toUpperCase().padStart(4, "0");
    return readFileSync(`/proc/net/${table}`, "utf8")
      .split("\n")
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => fields[1]?.endsWith(`:${hexPort}`) && fields[3] === "0A")
      .flatMap((fields) => fields[9] ?? []);
  } catch {
    return [];
  }
}
