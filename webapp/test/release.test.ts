import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { releasedCommit } from "../src/release.ts";

const folder = mkdtempSync(join(tmpdir(), "release-"));
afterAll(() => rmSync(folder, { recursive: true }));

function description(text: string): string {
  const file = join(folder, "release.json");
  writeFileSync(file, text);
  return file;
}

test("the commit is the one that the release's description names", () => {
  expect(releasedCommit(description('{"name": "webapp", "commit": "4783ee1"}'))).toBe("4783ee1");
});

test("without a description, or with one that cannot be read, there is no commit", () => {
  expect(releasedCommit(join(folder, "nowhere.json"))).toBeUndefined();
  expect(releasedCommit(description("half a fi"))).toBeUndefined();
  expect(releasedCommit(description('{"commit": 7}'))).toBeUndefined();
});
