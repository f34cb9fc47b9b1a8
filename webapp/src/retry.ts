import { setTimeout as sleep } from "node:timers/promises";

/** How to try again. Times in milliseconds. */
export interface RetryOptions {
  readonly firstDelay: number;
  readonly longestDelay: number;
  /** Ends the attempts; the promise then rejects with an AbortError. */
  readonly signal: AbortSignal;
  /** Called after each failed attempt with what went wrong. */
  readonly onFailure: (error: unknown, attempt: number) => void;
}

/** Does the work until it succeeds, each time waiting up to twice as long (a random part of it, at least half). */
export async function untilDone<T>(work: () => Promise<T>, options: RetryOptions): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    options.signal.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      options.onFailure(error, attempt);
    }
    const delay = Math.min(options.longestDelay, options.firstDelay * 2 ** Math.min(attempt - 1, 30));
    await sleep(delay * (0.5 + Math.random() / 2), undefined, { signal: options.signal });
  }
}
