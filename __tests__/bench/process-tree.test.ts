import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, jest, test } from "@jest/globals";
import { cpuOfTree, memoryOfTree } from "../../bench/process-tree.ts";

// Processes that have to get their share of a busy machine.
jest.setTimeout(60_000);

test("what children use counts for their tree, and what those have used that ended", async () => {
  const busy = "while (process.cpuUsage().user < 1e5);";
  const alive = `${busy} console.log("done"); process.stdin.resume();`;
  // A shell that would run its last command in its own place runs one more.
  const args = ["-c", '"$0" -e "$1"; "$0" -e "$2"; true', process.execPath, busy, alive];
  const shell = spawn("sh", args, { stdio: ["pipe", "pipe", "inherit"] });
  const ended = once(shell, "exit");
  await once(shell.stdout, "data");
  const pid = shell.pid ?? 0;
  const used = cpuOfTree(pid);
  const memory = memoryOfTree(pid);
  shell.stdin.end();
  await ended;
  expect(used).toBeGreaterThan(0.18);
  expect(memory).toBeGreaterThan(10);
});

test("a process that is not there has no figures", () => {
  expect(() => cpuOfTree(2 ** 22 + 1)).toThrow("process 4194305 is not there any more");
});
