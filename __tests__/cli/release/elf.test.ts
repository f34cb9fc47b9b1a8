import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { execa } from "execa";
import { isElf, withoutSymbols } from "../../../cli/release/elf.ts";

const root = join(import.meta.dirname, "../../..");

test("a program without its symbols is smaller and runs", async () => {
  const folder = mkdtempSync(join(tmpdir(), "elf-"));
  try {
    const whole = readFileSync(process.execPath);
    const small = withoutSymbols(whole);
    expect(small.length).toBeLessThan(whole.length * 0.95);
    writeFileSync(join(folder, "node"), small, { mode: 0o755 });
    const { stdout } = await execa(join(folder, "node"), ["-p", "process.version"]);
    expect(stdout).toBe(process.version);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("taking away what is gone already changes nothing", () => {
  const small = withoutSymbols(readFileSync(process.execPath));
  expect(withoutSymbols(small).equals(small)).toBe(true);
});

test("a script is no program", () => {
  expect(isElf(Buffer.from("#!/bin/sh\n"))).toBe(false);
  expect(isElf(Buffer.alloc(0))).toBe(false);
});

test("a release carries the version of sharp that the app is tested with", () => {
  const pinned = (file: string) =>
    JSON.parse(readFileSync(join(root, file, "package.json"), "utf8")).dependencies.sharp;
  expect(pinned("cli/release/native")).toBe(pinned("webapp"));
});
