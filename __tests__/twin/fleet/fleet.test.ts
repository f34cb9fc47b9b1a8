import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { addRelease } from "../../../twin/client.ts";
import { Fleet } from "../../../twin/fleet/fleet.ts";
import { Releases } from "../../../twin/fleet/releases.ts";
import { RootFileSystems } from "../../../twin/machines/root-file-systems.ts";
import { Processes, startTime } from "../../../twin/processes.ts";
import { StateFolder } from "../../../twin/state-folder.ts";
import { WorldClient } from "../../../twin/world.ts";
import { eventually } from "../eventually.ts";
import { makeRelease } from "../releases.ts";
import { instance, world } from "../worlds.ts";

let folder: string;
let state: StateFolder;
let fleet: Fleet;
let digest: string;
let used: Set<string>;
const lines: string[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "fleet-"));
  state = new StateFolder(join(folder, "state"));
  digest = await makeRelease(folder, state);
  used = new Set();
  fleet = new Fleet({
    state,
    processes: new Processes(state.ledger),
    releases: new Releases(state),
    roots: new RootFileSystems(state),
    client: new WorldClient(1),
    awsEndpoint: "http://127.0.0.1:1",
    inUse: (id) => used.has(id),
    log: (line) => lines.push(line),
  });
});

afterEach(async () => {
  await fleet.stop();
  rmSync(folder, { recursive: true, force: true });
});

function running(
  userData = "PORT=80\nDB_HOST=127.9.8.7\n",
  tags: Record<string, string> = { ReleaseDigest: digest },
) {
  const owner = { account: "123456789012", region: "eu-central-1" };
  return world({
    images: [{ ...owner, id: "ami-1", name: "web", state: "available", tags }],
    instances: [instance({ userData: Buffer.from(userData).toString("base64") })],
  });
}

async function boot(shown = running()) {
  fleet.reconcile(shown);
  return eventually("the app to answer", async () => {
    const port = fleet.address("i-1", 80)?.port;
    return (
      port &&
      (await fetch(`http://127.0.0.1:${port}`).then(
        (response) => response.json(),
        () => undefined,
      ))
    );
  });
}

test("an instance is a process that sees its user data and nothing of this machine's environment", async () => {
  const seen = (await boot()) as Record<string, string>;
  expect(seen).toMatchObject({
    DB_HOST: "127.9.8.7",
    HOST: "127.0.0.1",
    NODE_ENV: "production",
    AWS_ENDPOINT_URL: "http://127.0.0.1:1",
    DB_CA_FILE: state.caCertificate,
    HOME: state.path("instances", "i-1"),
    cwd: state.path("instances", "i-1"),
  });
  expect(seen.PORT).toBe(String(fleet.address("i-1", 80)?.port));
  const known = [
    "DB_HOST",
    "HOST",
    "NODE_ENV",
    "AWS_ENDPOINT_URL",
    "DB_CA_FILE",
    "HOME",
    "cwd",
    "PORT",
    "PATH",
  ];
  const shell = ["PWD", "SHLVL", "_", "OLDPWD"];
  expect(Object.keys(seen).filter((name) => ![...known, ...shell].includes(name))).toEqual([
    "AWS_EC2_METADATA_SERVICE_ENDPOINT",
  ]);
  expect(fleet.statuses()).toMatchObject([{ status: "ok" }]);
  expect(fleet.address("10.0.3.10", 80)).toEqual(fleet.address("i-1", 80));
  expect(fleet.address("i-1", 8080)).toBeUndefined();
});

test("a terminated instance is stopped only when no load balancer uses it any more", async () => {
  await boot();
  const pid = fleet.status()[0]?.pid ?? 0;
  const gone = { ...running(), instances: [instance({ state: "terminated" })] };
  used.add("i-1");
  fleet.reconcile(gone);
  expect(fleet.status()).toMatchObject([{ state: "running", pid }]);
  used.clear();
  fleet.reconcile(gone);
  await eventually("the process to end", () => startTime(pid) === undefined && fleet.status().length === 0);
  // The log is written behind the process.
  await eventually("its last words", () => readFileSync(state.log("i-1"), "utf8").includes("got SIGTERM"));
  expect(existsSync(state.path("instances", "i-1"))).toBe(false);
});

test("an instance whose process is killed is dead, and is not started again", async () => {
  await boot();
  process.kill(fleet.status()[0]?.pid ?? 0, "SIGKILL");
  await eventually("the instance to be dead", () => fleet.status()[0]?.state === "dead");
  fleet.reconcile(running());
  expect(fleet.status()).toMatchObject([{ state: "dead", pid: undefined }]);
  expect(fleet.statuses()).toMatchObject([{ status: "impaired" }]);
});

function logged(text: string): Promise<boolean> {
  const file = state.log("i-1");
  return eventually(
    `the log to say ${text}`,
    () => existsSync(file) && readFileSync(file, "utf8").includes(text),
  );
}

test("an instance that cannot boot is dead, its log says why", async () => {
  fleet.reconcile(running("FAIL=1\n"));
  await eventually("the instance to be dead", () => fleet.status()[0]?.state === "dead");
  await logged("boot.mjs failed: no user data");
});

test("an image without a release runs empty, and one line says so", () => {
  lines.length = 0;
  fleet.reconcile(running("", {}));
  fleet.reconcile(running("", {}));
  expect(fleet.status()).toMatchObject([{ id: "i-1", state: "empty" }]);
  expect(lines).toEqual(["i-1: image ami-1 has no tag ReleaseDigest, nothing runs on it"]);
});

test("a tag that is no digest leads nowhere", async () => {
  fleet.reconcile(running("", { ReleaseDigest: "../../etc" }));
  await logged("must be a SHA-256 in hex");
});

test("a release with another digest than said is refused", async () => {
  const file = join(folder, "release.tar.gz");
  await expect(addRelease(state.root, file, "0".repeat(64))).rejects.toThrow(
    /SHA-256 must be 0+, got [0-9a-f]{64}/,
  );
});
