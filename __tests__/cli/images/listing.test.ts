import { expect, test } from "@jest/globals";
import { imageTable } from "../../../cli/images/listing.ts";

const NOW = 1_000_000_000_000;
const ago = (hours: number) => NOW - hours * 3_600_000;

test("a line for each image: id, age, commit, how its rollout went, and who uses it", () => {
  const table = imageTable(
    [
      {
        id: "ami-2",
        createdAt: ago(0.1),
        commit: "4783ee10b3d1aaaabbbbccccddddeeeeffff0000-dirty",
        verdict: "good",
        users: ["parameter /webstead/dev/ami-id", "instance i-1"],
      },
      { id: "ami-1000", createdAt: ago(100), commit: "unknown", verdict: undefined, users: [] },
    ],
    NOW,
  );
  expect(table).toBe(
    [
      "IMAGE     AGE    COMMIT              ROLLOUT  IN USE BY",
      "ami-2     6 min  4783ee10b3d1-dirty  good     parameter /webstead/dev/ami-id, instance i-1",
      "ami-1000  4 d    unknown             -        -",
      "",
    ].join("\n"),
  );
});

test.each([
  [0.001, "now"],
  [0.99, "59 min"],
  [47, "47 h"],
  [48, "2 d"],
])("%d hours are %s", (hours, expected) => {
  const listed = { id: "a", createdAt: ago(hours), commit: "c", verdict: undefined, users: [] };
  expect(imageTable([listed], NOW).split("\n")[1]).toContain(` ${expected} `);
});
