import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { type ImageKind, imageDigest } from "../../../cli/bake/digest.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "digest-"));
  write("ansible/playbook.yml", "- hosts: all");
  write("ansible/roles/base/tasks/main.yml", "[]");
  write("packer/webapp.pkr.hcl", "source {}");
  write("cli/bake/base-root.ts", "bookworm");
  write("container/Dockerfile", "FROM base");
  write("container/tools.Dockerfile", "FROM base");
});
afterEach(() => rmSync(root, { recursive: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

const digest = (kind: ImageKind, release = "aa") => imageDigest({ root, kind, release });

test("the same content has the same digest, in another folder too", async () => {
  const first = await digest("stand-in");
  expect(first).toMatch(/^[0-9a-f]{64}$/);
  const other = mkdtempSync(join(tmpdir(), "elsewhere-"));
  rmSync(other, { recursive: true });
  const before = root;
  const { cpSync } = await import("node:fs");
  cpSync(before, other, { recursive: true });
  expect(await imageDigest({ root: other, kind: "stand-in", release: "aa" })).toBe(first);
  rmSync(other, { recursive: true });
});

test.each(["release", "aws", "stand-in"] as const)("another release is another image (%s)", async (kind) => {
  expect(await digest(kind, "bb")).not.toBe(await digest(kind, "aa"));
});

test("a release alone, one baked on AWS and one baked here are three images", async () => {
  expect(new Set([await digest("release"), await digest("aws"), await digest("stand-in")]).size).toBe(3);
});

test.each([
  ["ansible/roles/base/tasks/main.yml", ["aws", "stand-in"]],
  ["packer/webapp.pkr.hcl", ["aws", "stand-in"]],
  ["cli/bake/base-root.ts", ["stand-in"]],
  ["container/Dockerfile", ["container"]],
  ["container/tools.Dockerfile", []],
] as const)("a change of %s is another image to %j, and to no other kind", async (path, changed) => {
  const kinds = ["release", "aws", "stand-in", "container"] as const;
  const before = await Promise.all(kinds.map((kind) => digest(kind)));
  write(path, "changed");
  const after = await Promise.all(kinds.map((kind) => digest(kind)));
  expect(kinds.filter((_, index) => before[index] !== after[index])).toEqual(changed);
});

test("a file that is added, and one that is renamed, count", async () => {
  const before = await digest("aws");
  write("ansible/verify.yml", "");
  const added = await digest("aws");
  rmSync(join(root, "ansible/verify.yml"));
  write("ansible/check.yml", "");
  expect(new Set([before, added, await digest("aws")]).size).toBe(3);
});

test("what tools leave behind does not count", async () => {
  const before = await digest("aws");
  write("ansible/playbook.retry", "host");
  write("ansible/library/__pycache__/x.cpython-311.pyc", "bytes");
  write("ansible/.ansible/tmp", "x");
  write("packer/packer_cache/port.lock", "x");
  write("packer/crash.log", "x");
  expect(await digest("aws")).toBe(before);
});
