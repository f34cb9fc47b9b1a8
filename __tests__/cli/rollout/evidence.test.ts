import { expect, test } from "@jest/globals";
import { describeEvidence } from "../../../cli/rollout/evidence.ts";

test("health and log lines are shown, long lines cut", () => {
  const evidence = { instance: "i-1", health: "Request timed out", log: ["one", "x".repeat(1000)] };
  const lines = describeEvidence(evidence);
  expect(lines.slice(0, 3)).toEqual([
    "  instance i-1: Request timed out",
    "  the last lines of its app's log:",
    "    one",
  ]);
  expect(lines[3]).toBe(`    ${"x".repeat(300)}…`);
});

test("an app without a log line is told as such", () => {
  expect(describeEvidence({ instance: "i-1", health: "unhealthy", log: [] })).toEqual([
    "  instance i-1: unhealthy",
    "  its app wrote no log line",
  ]);
});
