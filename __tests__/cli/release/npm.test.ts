import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { installLocked } from "../../../cli/release/npm.ts";

const project = join(import.meta.dirname, "../../..");
const place = mkdtempSync(join(tmpdir(), "npm-"));
afterAll(() => rmSync(place, { recursive: true }));

test.each(["runtime", "native"])(
  "a registry that does not answer is why a package of %s is missing",
  async (name) => {
    const folder = join(place, name);
    cpSync(join(project, "cli/release", name), folder, { recursive: true });
    const nobody = ["--registry=http://127.0.0.1:1/", `--cache=${join(place, "cache")}`, "--fetch-retries=0"];
    const { reason } = await installLocked(folder, nobody, 60_000);
    expect(reason).toContain("ECONNREFUSED");
  },
);

test("an installation that takes too long is given up, and says how long it was given", async () => {
  cpSync(join(project, "cli/release/native"), join(place, "slow"), { recursive: true });
  const { failed, reason } = await installLocked(join(place, "slow"), [], 1);
  expect(failed).toBe(true);
  expect(reason).toBe("not within 0.001 s");
});
