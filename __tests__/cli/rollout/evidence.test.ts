import { expect, test } from "@jest/globals";
import { describeEvidence } from "../../../cli/rollout/evidence.ts";
import { lastWords } from "../../../cli/rollout/last-words.ts";

test("health and log lines are shown, long lines cut", () => {
  const evidence = { what: "instance i-1", health: "Request timed out", log: ["one", "x".repeat(1000)] };
  const lines = describeEvidence(evidence);
  expect(lines.slice(0, 3)).toEqual([
    "  instance i-1: Request timed out",
    "  the last lines of its app's log:",
    "    one",
  ]);
  expect(lines[3]).toBe(`    ${"x".repeat(300)}…`);
});

test("an app without a log line is told as such", () => {
  expect(describeEvidence({ what: "instance i-1", health: "unhealthy", log: [] })).toEqual([
    "  instance i-1: unhealthy",
    "  its app wrote no log line",
  ]);
});

test("what an app says before each restart is not drowned by what the system says about it", () => {
  const restart = (count: number) => ["Started", "Main process exited", `restart counter is at ${count}`];
  const lines = ["no reason to live", ...[1, 2, 3, 4, 5].flatMap(restart), "Failed to start"];
  expect(lastWords(lines, 9)).toEqual([
    "no reason to live",
    "restart counter is at 1",
    "restart counter is at 2",
    "restart counter is at 3",
    "restart counter is at 4",
    "Started",
    "Main process exited",
    "restart counter is at 5",
    "Failed to start",
  ]);
});
