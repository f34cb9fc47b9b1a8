import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** Waits for a condition; a condition that throws is not there yet. Fails after `seconds` with its name. */
export async function until(
  what: string,
  condition: () => Promise<boolean> | boolean,
  seconds = 20,
): Promise<void> {
  const end = performance.now() + seconds * 1000;
  let last: unknown;
  while (performance.now() < end) {
    try {
      if (await condition()) return;
    } catch (error) {
      last = error;
    }
    await sleep(50);
  }
  throw new Error(`waited ${seconds} s in vain until ${what}`, { cause: last });
}

/** A port of 127.0.0.1 that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}
