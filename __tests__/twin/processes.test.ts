import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { end, endLeftovers, hasEnded, Processes, startTime } from "../../twin/processes.ts";
import { eventually } from "./eventually.ts";

let folder: string;
let ledger: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "processes-"));
  ledger = join(folder, "processes");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const module = JSON.stringify(join(import.meta.dirname, "../../twin/processes.ts"));
const sleeper = ["-c", "sleep 60 & wait"];

test("a process is in the ledger as long as it runs", async () => {
  const child = new Processes(ledger).spawn("sleeper", "/bin/sh", sleeper, { stdio: "ignore" });
  expect(readFileSync(ledger, "utf8")).toBe(`${child.pid} ${startTime(child.pid ?? 0)} sleeper\n`);
  await end(child, 5_000);
  expect(hasEnded(child)).toBe(true);
  expect(readFileSync(ledger, "utf8")).toBe("");
});

test("what does not heed SIGTERM is killed after its grace, with its whole group", async () => {
  const deaf = ["-c", "trap '' TERM; echo ready; while :; do sleep 60; done"];
  const child = new Processes(ledger).spawn("deaf", "/bin/sh", deaf, { stdio: ["ignore", "pipe", "ignore"] });
  await new Promise((resolve) => child.stdout?.once("data", resolve));
  await end(child, 50);
  expect(child.signalCode).toBe("SIGKILL");
});

test("leftovers of a dead daemon are ended", async () => {
  const child = new Processes(ledger).spawn("sleeper", "/bin/sh", sleeper, { stdio: "ignore" });
  // Here the daemon lives: it must have written its ledger anew before the folder goes.
  const written = once(child, "exit");
  expect(await endLeftovers(ledger)).toEqual(["sleeper"]);
  expect(startTime(child.pid ?? 0)).toBeUndefined();
  await written;
});

test("a process that has only inherited the number of ours is left alone", async () => {
  const stranger = spawn("sleep", ["60"], { detached: true, stdio: "ignore" });
  const pid = stranger.pid ?? 0;
  writeFileSync(ledger, `${pid} ${Number(startTime(pid)) - 1} ours\n`);
  expect(await endLeftovers(ledger)).toEqual([]);
  expect(startTime(pid)).toBeDefined();
  stranger.kill("SIGKILL");
});

test("a missing or broken ledger names nothing", async () => {
  expect(await endLeftovers(ledger)).toEqual([]);
  writeFileSync(ledger, "\nnonsense\n");
  expect(await endLeftovers(ledger)).toEqual([]);
});

test("the guard ends everything when its daemon is killed with -9", async () => {
  const script = `
    const { Processes } = await import(${module});
    const processes = new Processes(${JSON.stringify(ledger)});
    processes.startGuard();
    const child = processes.spawn("sleeper", "/bin/sh", ${JSON.stringify(sleeper)}, { stdio: "ignore" });
    console.log(child.pid);
    setInterval(() => {}, 1000);`;
  const daemon = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const pid = await new Promise<number>((resolve) =>
    daemon.stdout.once("data", (data) => resolve(Number(data))),
  );
  expect(startTime(pid)).toBeDefined();
  daemon.kill("SIGKILL");
  await eventually("the guard to end it", () => startTime(pid) === undefined);
});
