import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { takeLock } from "../../cli/lock.ts";
import { identify } from "../../cli/processes.ts";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lock-"));
  file = join(folder, "dev/lock");
});
afterEach(() => rmSync(folder, { recursive: true }));

test("a second command is refused with the lock, its holder and what to do", () => {
  takeLock(file, "dev", "deploy dev");
  expect(() => takeLock(file, "dev", "destroy dev")).toThrow(
    new RegExp(
      `^dev: "deploy dev" \\(process ${process.pid}, since .*\\) holds the lock ${file}; wait until it ends`,
    ),
  );
});

test("a lock that was given back can be taken again", () => {
  takeLock(file, "dev", "deploy dev")();
  expect(existsSync(file)).toBe(false);
  expect(() => takeLock(file, "dev", "deploy dev")).not.toThrow();
});

test("the lock of a process that died is taken over", async () => {
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
  const identity = identify(child.pid ?? 0);
  takeLock(file, "dev", "deploy dev")();
  writeFileSync(file, JSON.stringify({ ...identity, command: "deploy dev", since: "2026-01-01T00:00:00Z" }));
  expect(() => takeLock(file, "dev", "deploy dev")).toThrow(`process ${child.pid}`);
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(() => takeLock(file, "dev", "deploy dev")).not.toThrow();
});

test("a process that was given the number of a dead holder does not keep the lock", () => {
  takeLock(file, "dev", "deploy dev");
  const lock = JSON.parse(readFileSync(file, "utf8"));
  writeFileSync(file, JSON.stringify({ ...lock, startedAt: "1" }));
  expect(() => takeLock(file, "dev", "deploy dev")).not.toThrow();
});

test("giving back does not take away the lock of somebody else", () => {
  const release = takeLock(file, "dev", "deploy dev");
  writeFileSync(file, JSON.stringify({ pid: 1, startedAt: "1", command: "x", since: "" }));
  release();
  expect(existsSync(file)).toBe(true);
});
