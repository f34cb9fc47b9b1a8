import { expect, test } from "@jest/globals";
import { portraitOf } from "../../src/employees/portrait.ts";

test.each([
  ["Ada Lovelace", "AL"],
  ["Jean-Luc", "JL"],
  ["Anna Maria van der Berg", "AB"],
  ["Ölaf", "Ö"],
  ["李 小龍", "李小"],
  ["“Bob” (the) 3rd", "B3"],
  ["🌊", "?"],
])("the initials of %s are %s", (name, initials) => {
  expect(portraitOf({ id: "x", name }).initials).toBe(initials);
});

test("an employee keeps their colour, and not all have the same", () => {
  const tones = Array.from({ length: 40 }, (_, index) => portraitOf({ id: `id-${index}`, name: "A" }).tone);
  expect(portraitOf({ id: "id-7", name: "Other" }).tone).toBe(tones[7]);
  expect(new Set(tones).size).toBe(8);
  expect(Math.max(...tones)).toBe(7);
});
