import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { resolveUrl, startTwin, stopTwin, twinEnvironment, twinStatus } from "../../twin/client.ts";
import { Control, type DaemonStatus } from "../../twin/control.ts";
import { listen } from "../../twin/ports.ts";
import { startTime } from "../../twin/processes.ts";
import { StateFolder } from "../../twin/state-folder.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "twin-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function status(parts: Partial<DaemonStatus> = {}): DaemonStatus {
  return {
    phase: "ready",
    pid: process.pid,
    startedAt: "2026-01-01T00:00:00.000Z",
    endpoint: "http://127.0.0.1:8000",
    stateDir: folder,
    portBase: 8000,
    parts: {},
    instances: [],
    listeners: [
      {
        dnsName: "Web.elb.amazonaws.com",
        aliases: ["app.example.com"],
        port: 80,
        url: "http://127.0.0.1:8080",
      },
    ],
    databases: [],
    progress: [],
    ...parts,
  };
}

test("a folder where no twin ran has no status and nothing to stop", async () => {
  expect(await twinStatus(folder)).toBeUndefined();
  expect(await stopTwin(folder)).toBe(false);
});

test("a dead daemon's socket and ledger with somebody else's number are recognised as stale", async () => {
  const state = new StateFolder(folder);
  const dead = spawn(
    process.execPath,
    [
      "-e",
      `require("net").createServer().listen(${JSON.stringify(state.control)}, () => process.kill(process.pid, 9))`,
    ],
    { stdio: "ignore" },
  );
  await new Promise((resolve) => dead.once("exit", resolve));
  writeFileSync(state.ledger, `${process.pid} 1 aws-api\n`);
  expect(await twinStatus(folder)).toBeUndefined();
  expect(await stopTwin(folder)).toBe(false);
  expect(startTime(process.pid)).toBeDefined();
});

test("a port in use is one line: the port, who holds it, what to do", async () => {
  const server = createServer();
  const port = await listen(server, 0);
  await expect(startTwin({ root: folder, stateDir: folder, portBase: port })).rejects.toThrow(
    new RegExp(
      `^port ${port} is in use by process ${process.pid} \\(.+\\); stop it, or set WEBSTEAD_TWIN_PORT to another base, e\\.g\\. ${port + 1_000}$`,
    ),
  );
  server.close();
  expect(await twinStatus(folder)).toBeUndefined();
});

test("a running twin is found, and is not started a second time", async () => {
  const control = new Control(
    new StateFolder(folder).control,
    () => status(),
    () => {},
  );
  await control.open();
  try {
    expect(await twinStatus(folder)).toEqual(status());
    expect(await startTwin({ root: folder, stateDir: folder, portBase: 1 })).toEqual(status());
  } finally {
    control.close();
  }
});

test("a state folder with a long path has its socket elsewhere", async () => {
  const long = new StateFolder(join(folder, "x".repeat(120)));
  expect(Buffer.byteLength(long.control)).toBeLessThanOrEqual(107);
  expect(long.control).not.toBe(new StateFolder(join(folder, "y".repeat(120))).control);
  const control = new Control(
    long.control,
    () => status(),
    () => {},
  );
  await control.open();
  expect(await twinStatus(long.root)).toEqual(status());
  control.close();
});

test.each([
  ["http://web.elb.amazonaws.com", "http://127.0.0.1:8080"],
  ["http://web.elb.amazonaws.com/a?b=c", "http://127.0.0.1:8080/a?b=c"],
  ["http://web.elb.amazonaws.com:81/", "http://web.elb.amazonaws.com:81/"],
  ["https://example.com/a", "https://example.com/a"],
])("%s really answers on %s", async (url, expected) => {
  const control = new Control(
    new StateFolder(folder).control,
    () => status(),
    () => {},
  );
  await control.open();
  expect(await resolveUrl(status(), url)).toBe(expected);
  control.close();
});

test("the environment of a shell points every AWS tool at the twin, as the account asked for", () => {
  expect(twinEnvironment(status(), "111122223333", "eu-west-1")).toEqual({
    AWS_ENDPOINT_URL: "http://127.0.0.1:8000",
    AWS_ACCESS_KEY_ID: "AKIATWIN111122223333",
    AWS_SECRET_ACCESS_KEY: "twin",
    AWS_REGION: "eu-west-1",
    AWS_DEFAULT_REGION: "eu-west-1",
    AWS_EC2_METADATA_DISABLED: "true",
    TF_VAR_local: "true",
  });
});
