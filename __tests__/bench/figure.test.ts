import { expect, test } from "@jest/globals";
import { type Goal, isMet, median, table } from "../../bench/figure.ts";

const figure = (value: number, goal: Goal) => ({ name: "a", value, made: "1 s / 2 s", ...goal });

test.each([
  [0.5, { atMost: 0.5 }, true],
  [0.51, { atMost: 0.5 }, false],
  [6, { atLeast: 6 }, true],
  [5.99, { atLeast: 6 }, false],
  [Number.NaN, { atMost: 0.5 }, false],
  [Number.NaN, { atLeast: 6 }, false],
])("%d with the goal %j: met is %s", (value, goal, met) => {
  expect(isMet(figure(value, goal))).toBe(met);
});

test("the table says which goal was missed, and which way", () => {
  const rows = table([figure(0.4, { atMost: 0.5 }), figure(5, { atLeast: 6 })]).split("\n");
  expect(rows.slice(1).map((row) => row.split(/ {2,}/))).toEqual([
    ["a", "0.40", "<= 0.5", "met", "1 s / 2 s"],
    ["a", "5.00", ">= 6", "MISSED", "1 s / 2 s"],
  ]);
});

test("the median of an even number of values is the mean of the two in the middle", () => {
  expect([median([9, 1, 2]), median([4, 1, 9, 2])]).toEqual([2, 3]);
});
