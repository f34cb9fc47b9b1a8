import { expect, test } from "@jest/globals";
import { ceilings, figuresOf } from "../../../bench/web/goals.ts";
import { OPERATIONS } from "../../../bench/web/operations.ts";
import { aspectOf, type Round, ratio, type Showing, typical } from "../../../bench/web/rounds.ts";

/** A round in which each app does everything at one speed. */
function round(rates: Record<string, number>): Round {
  const showing = (rate: number): Showing => ({
    ...{ toFirst200: 1, toReady: 2, memoryAtRest: 50, memoryAfter: 80 },
    operations: new Map(OPERATIONS.map(({ name }) => [name, { rate, p99: 1000 / rate, cpu: 100 / rate }])),
  });
  return new Map(Object.entries(rates).map(([name, rate]) => [name, showing(rate)]));
}

// In the second round the machine was slow for both, in the third for one.
const rounds = [
  round({ app: 800, flask: 100, raw: 900 }),
  round({ app: 80, flask: 10, raw: 90 }),
  round({ app: 300, flask: 100, raw: 900 }),
];
const rate = aspectOf(OPERATIONS[0]?.name ?? "", "rate");

test("a ratio is the median of the rounds' ratios, not the ratio of medians", () => {
  expect(ratio(rounds, "app", "flask", rate)).toBe(8);
  expect(typical(rounds, "app", rate) / typical(rounds, "flask", rate)).toBe(3);
});

test("each operation has its goals against both peers, and what was not measured meets none", () => {
  const names = { app: "app", flask: "flask", raw: "raw" };
  const figures = figuresOf(rounds, names);
  expect(figures).toHaveLength(4 * OPERATIONS.length + 3);
  expect(figures[0]).toEqual({
    name: "list of 20: requests/s, against flask",
    value: 8,
    made: "300 /s / 100 /s",
    atLeast: 6,
  });
  expect(figuresOf(rounds, { ...names, raw: "nobody" })[3]?.value).toBeNaN();
});

test("beside the goals stands what raw Node makes of the other peer's rate", () => {
  expect(ceilings(rounds, { flask: "flask", raw: "raw" })).toEqual(OPERATIONS.map(({ name }) => [name, 9]));
});
