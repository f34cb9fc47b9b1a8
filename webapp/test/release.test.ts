import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { readRelease } from "../src/release.ts";

const folder = mkdtempSync(join(tmpdir(), "release-"));
afterAll(() => rmSync(folder, { recursive: true }));

function description(text: string): string {
  const file = join(folder, "release.json");
  writeFileSync(file, text);
  return file;
}

test("commit and version are those that the release's description names", () => {
  const file = description('{"name": "webapp", "commit": "4783ee1", "version": "0.1.0"}');
  expect(readRelease(file)).toEqual({ commit: "4783ee1", version: "0.1.0" });
});

test("without a description, or with one that cannot be read, nothing is known", () => {
  expect(readRelease(join(folder, "nowhere.json"))).toEqual({});
  expect(readRelease(description("half a fi"))).toEqual({});
  expect(readRelease(description('{"commit": 7}'))).toEqual({});
});
