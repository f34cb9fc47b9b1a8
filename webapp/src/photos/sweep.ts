import { setInterval } from "node:timers/promises";
import type { PhotoBucket } from "./bucket.ts";
import type { PhotoLedger } from "./ledger.ts";

/** Between two sweeps, and as long may a photo be noted before it is taken for a leftover: 5 minutes, in milliseconds. */
export const SWEEP_INTERVAL = 300_000;

/** What is swept. */
export interface Swept {
  readonly ledger: PhotoLedger;
  readonly bucket: PhotoBucket;
}

/**
 * Removes the photos that were noted before that time and became nobody's. Several instances may do so at once.
 * @returns how many it removed
 * @throws DatabaseUnavailable or PhotosUnavailable; what is left then is for the next sweep
 */
export async function sweep({ ledger, bucket }: Swept, before: Date): Promise<number> {
  let removed = 0;
  for (const name of await ledger.leftovers(before)) {
    // An upload that is still going on finds its note gone, and fails.
    if (!(await ledger.doom(name))) continue;
    await bucket.remove(name);
    await ledger.strike(name);
    removed++;
  }
  return removed;
}

/** Sweeps now and at every interval until the signal. */
export async function sweepRegularly(
  swept: Swept,
  { signal, onDone }: { signal: AbortSignal; onDone: (removed: number | Error) => void },
): Promise<void> {
  const once = () =>
    sweep(swept, new Date(Date.now() - SWEEP_INTERVAL)).then(onDone, (error: Error) => onDone(error));
  await once();
  const ticks = setInterval(SWEEP_INTERVAL, undefined, { signal, ref: false });
  try {
    for await (const _ of ticks) await once();
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
