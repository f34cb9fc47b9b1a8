import { setTimeout as wait } from "node:timers/promises";

/**
 * Asks again and again until the answer is one to go on with.
 * @returns the answer and the milliseconds it took
 * @throws Error with the last answer, after `limit` milliseconds
 */
export async function until<T>(
  what: string,
  ask: () => Promise<T>,
  isGood: (answer: T) => boolean,
  limit: number,
): Promise<{ answer: T; took: number }> {
  const started = Date.now();
  let last: unknown = "no answer";
  while (Date.now() - started < limit) {
    try {
      const answer = await ask();
      if (isGood(answer)) return { answer, took: Date.now() - started };
      last = answer;
    } catch (error) {
      last = error;
    }
    await wait(100);
  }
  throw new Error(
    `not within ${limit} ms: ${what}; last: ${last instanceof Error ? last.message : JSON.stringify(last)}`,
  );
}
