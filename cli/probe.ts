import { setTimeout as wait } from "node:timers/promises";
import { type Asking, statusOf } from "./ask-url.ts";
import type { Step } from "./console.ts";
import { formatDuration } from "./console.ts";
import { Cancelled, Failure } from "./errors.ts";

/** Between two tries. */
const PAUSE_MS = 1000;

/**
 * Waits until a URL answers 200. A new load balancer's name takes a minute or two to be known everywhere.
 *
 * @param options.limit milliseconds; default 5 minutes
 * @throws Failure with the last answer when the time is over
 */
export async function untilAnswers(
  url: string,
  step: Step,
  { limit = 300_000, ...asking }: Omit<Asking, "timeout"> & { limit?: number } = {},
): Promise<void> {
  const started = Date.now();
  const stopped = new AbortController();
  const stop = () => stopped.abort();
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
  let answer = "nothing yet";
  try {
    while (Date.now() - started < limit) {
      answer = await ask(url, asking);
      if (answer === "200") {
        step.result(`${url} answers 200`);
        return;
      }
      step.tick(`${url}: ${answer}, after ${formatDuration(Date.now() - started)}`);
      await wait(PAUSE_MS, undefined, { signal: stopped.signal });
    }
  } catch (error) {
    if (stopped.signal.aborted) throw new Cancelled("stopped while waiting for the answer; all is applied");
    throw error;
  } finally {
    process.off("SIGINT", stop);
    process.off("SIGTERM", stop);
  }
  throw new Failure(
    `${url} did not answer 200 within ${formatDuration(limit)}, the last answer was: ${answer}; look at the target group's health and the app's log`,
  );
}

async function ask(url: string, asking: Omit<Asking, "timeout">): Promise<string> {
  try {
    return String(await statusOf(url, { ...asking, timeout: 10_000 }));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code ?? message;
  }
}
