import { setTimeout as delay } from "node:timers/promises";

/** Waits until `ask` answers something true; fails after `limitMs` with what it was waiting for. */
export async function eventually<T>(
  what: string,
  ask: () => T | Promise<T>,
  limitMs = 8_000,
): Promise<NonNullable<T>> {
  const deadline = Date.now() + limitMs;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > deadline) throw new Error(`waited ${limitMs} ms in vain: ${what}`);
    await delay(10);
  }
}
