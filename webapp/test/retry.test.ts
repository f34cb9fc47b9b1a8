import { expect, test } from "@jest/globals";
import { untilDone } from "../src/retry.ts";

const quick = { firstDelay: 1, longestDelay: 2 };

test("the work is tried again until it succeeds, and each failure is told", async () => {
  const told: string[] = [];
  let calls = 0;
  const work = async () => {
    if (++calls < 3) throw new Error(`failure ${calls}`);
    return "done";
  };
  const onFailure = (error: unknown, attempt: number) => told.push(`${attempt}: ${(error as Error).message}`);
  const { signal } = new AbortController();
  await expect(untilDone(work, { ...quick, signal, onFailure })).resolves.toBe("done");
  expect(told).toEqual(["1: failure 1", "2: failure 2"]);
});

test("a signal ends the attempts, also in the middle of a wait", async () => {
  const stop = new AbortController();
  const failing = untilDone(() => Promise.reject(new Error("down")), {
    firstDelay: 60_000,
    longestDelay: 60_000,
    signal: stop.signal,
    onFailure: () => stop.abort(),
  });
  await expect(failing).rejects.toMatchObject({ name: "AbortError" });
});
