import { createHash } from "node:crypto";
import { isFree, portHolder } from "../ports.ts";

const ATTEMPTS = 8;

/**
 * A loopback address of its own for a database, the same each time: 127.x.y.z with x from 1 to 254, so never
 * 127.0.0.1. `attempt` gives others, should it be taken.
 */
export function databaseAddress(identity: string, attempt = 0): string {
  const [x = 0, y = 0, z = 0] = createHash("sha256").update(`${identity}#${attempt}`).digest();
  return `127.${1 + (x % 254)}.${y}.${1 + (z % 254)}`;
}

/** The first of the identity's addresses on which `port` is free. Rejects with one line that names who holds it. */
export async function freeAddress(identity: string, port: number): Promise<string> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const address = databaseAddress(identity, attempt);
    if (await isFree(port, address)) return address;
  }
  const holder = portHolder(port);
  const who = holder === undefined ? "another process" : `process ${holder.pid} (${holder.command})`;
  throw new Error(
    `port ${port} is held on all addresses by ${who}; stop it, or give the database another port`,
  );
}
