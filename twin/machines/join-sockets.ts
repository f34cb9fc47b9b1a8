import type { Socket } from "node:net";

/**
 * Makes two sockets one connection: bytes both ways, one side's end is the other's, one side's failure ends both. Both
 * must allow half-open connections.
 */
export function joinSockets(one: Socket, other: Socket): void {
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const) {
    from.setNoDelay?.(true);
    from.pipe(to);
    from.on("error", () => to.destroy());
    from.on("close", () => {
      if (from.readableEnded) to.resume();
      else to.destroy();
    });
  }
}
