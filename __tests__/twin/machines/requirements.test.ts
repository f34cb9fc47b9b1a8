import { expect, test } from "@jest/globals";
import { machineProblem } from "../../../twin/machines/requirements.ts";

test("whoever is not root is told so", () => {
  expect(machineProblem({}, 1000)).toBe(
    "booting a machine needs root, this is user 1000: run it as root (sudo)",
  );
});

test("missing programs are named with the Debian packages that bring them, each package once", () => {
  const programs = { sh: "dash", "no-such-a": "some-package", "no-such-b": "some-package" };
  expect(machineProblem(programs, 0)).toBe(
    "no-such-a, no-such-b are missing (to boot a machine): apt-get install some-package",
  );
});

test("root with all programs can boot machines", () => {
  expect(machineProblem({ sh: "dash" }, 0)).toBeUndefined();
});
