import { Writable } from "node:stream";
import { expect, test } from "@jest/globals";
import { createConsole, formatDuration } from "../../cli/console.ts";

/** A stderr that is no terminal. */
function page() {
  let text = "";
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += chunk;
      done();
    },
  }) as unknown as NodeJS.WriteStream;
  return { stream, text: () => text };
}

test("without a terminal a step is plain lines: what it was at, each once, and what came of it", async () => {
  const { stream, text } = page();
  await createConsole({ color: false, stream }).step("Plan", async (step) => {
    step.update("reading");
    step.update("reading");
    step.tick("a clock");
    step.result("no change");
  });
  expect(text()).toBe("  Plan      reading\n✔ Plan      no change\n");
});

test("a step that fails says where it was, and passes its error on", async () => {
  const { stream, text } = page();
  const work = createConsole({ color: false, stream }).step("Plan", async (step) => {
    step.update("reading");
    throw new Error("no");
  });
  await expect(work).rejects.toThrow("no");
  expect(text()).toContain("✖ Plan      reading\n");
});

test("no color means no escape sequence", async () => {
  const { stream, text } = page();
  const screen = createConsole({ color: false, stream });
  screen.say("hello");
  await screen.step("Done", async () => {});
  expect(text()).not.toContain("\u001b");
});

test("durations are short", () => {
  expect([400, 9940, 9960, 59_400, 125_000].map(formatDuration)).toEqual([
    "0.4 s",
    "9.9 s",
    "10 s",
    "59 s",
    "2 min 5 s",
  ]);
});
