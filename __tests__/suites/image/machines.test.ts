/**
 * Instances of an image that has a root file system: booted by a real twin, with nothing but the ways that AWS gives
 * an instance. Needs root. A minute, and one more where Debian's base has to be made first.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { execaSync } from "execa";
import { STAND_IN_PROGRAMS } from "../../../cli/bake/requirements.ts";
import {
  addRootFileSystem,
  resolveUrl,
  startTwin,
  stopTwin,
  type TwinStatus,
  twinStatus,
} from "../../../twin/client.ts";
import { machineProblem } from "../../../twin/machines/requirements.ts";
import { startTime } from "../../../twin/processes.ts";
import { freePort } from "../database/wait.ts";
import { until } from "../twin/until.ts";
import { makeBootableRoot, PROJECT } from "./bootable-root.ts";
import { SmallCloud } from "./small-cloud.ts";

const MINUTE = 60_000;
jest.setTimeout(2 * MINUTE);

const problem = machineProblem(STAND_IN_PROGRAMS);
if (problem !== undefined) console.warn(`machines are not tested: ${problem}`);

(problem === undefined ? describe : describe.skip)("an image with a root file system", () => {
  const folder = mkdtempSync(join(tmpdir(), "machines-"));
  const stateDir = join(folder, "twin");
  const system = join(folder, "system");
  let twin: TwinStatus;
  let cloud: SmallCloud;
  let url = "";
  let image = "";
  let releaseDigest = "";
  let instance = "";

  beforeAll(async () => {
    releaseDigest = await makeBootableRoot(system);
    twin = await startTwin({ root: PROJECT, stateDir, portBase: await freePort() });
    cloud = new SmallCloud(twin);
    const dnsUrl = await cloud.create();
    url = (
      await until(
        "the listener to be there",
        () => resolveUrl(twin, dnsUrl),
        (real) => real !== dnsUrl,
        10_000,
      )
    ).answer;
    image = await cloud.registerImage("machines", releaseDigest);
    await addRootFileSystem(stateDir, image, system);
  }, 8 * MINUTE);

  afterAll(async () => {
    await stopTwin(stateDir);
    rmSync(folder, { recursive: true, force: true });
  }, 2 * MINUTE);

  const shown = async (id: string) => (await twinStatus(stateDir))?.instances.find((one) => one.id === id);
  const log = (id: string) => readFileSync(join(stateDir, "log", `${id}.log`), "utf8");

  async function direct(id: string, path: string): Promise<number> {
    const port = (await shown(id))?.port;
    if (port === undefined) throw new Error("it has no port yet");
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { signal: AbortSignal.timeout(2_000) });
    await response.body?.cancel();
    return response.status;
  }

  /** Runs a command inside a machine. */
  function inside(pid: number, ...command: string[]): string {
    const child = (of: number) =>
      Number(readFileSync(`/proc/${of}/task/${of}/children`, "utf8").trim().split(" ")[0]);
    const args = ["--target", String(child(child(pid))), "--all", "--", ...command];
    return execaSync("nsenter", args, { reject: false }).stdout;
  }

  test("boots, and its app answers on port 80 within seconds", async () => {
    instance = await cloud.launch(image);
    const { took } = await until(
      "the app to answer",
      () => direct(instance, "/healthz"),
      (status) => status === 200,
      30_000,
    );
    console.info(`launch to 200: ${took} ms`);
    expect(took).toBeLessThan(15_000);
    expect(await shown(instance)).toMatchObject({ state: "running", imageId: image });
  });

  test("reads its database's secret from the AWS API and talks TLS to the database", async () => {
    await until(
      "the app to be ready",
      () => direct(instance, "/readyz"),
      (status) => status === 200,
      30_000,
    );
  });

  test("has a network of its own with no way to the internet", async () => {
    const pid = (await shown(instance))?.pid ?? 0;
    // The one route leads to the metadata service.
    expect(inside(pid, "ip", "-4", "route").trim()).toMatch(/^169\.254\.169\.254 dev eth0 scope link$/);
    expect(inside(pid, "hostname").trim()).toMatch(/^ip-\d+-\d+-\d+-\d+$/);
    const listening = inside(pid, "ss", "-Hltn4")
      .split("\n")
      .map((line) => line.trim().split(/\s+/)[3]);
    expect(listening).toContain("0.0.0.0:80");
    expect(listening).toContain(`127.0.0.1:${twin.portBase}`);
    expect(listening.filter((address) => address?.endsWith(":3306"))).toHaveLength(1);
  });

  test("is served through the load balancer once it is healthy there", async () => {
    await cloud.register(instance);
    const ask = async () => (await fetch(`${url}/healthz`)).status;
    await until("200 through the load balancer", ask, (status) => status === 200, 30_000);
  });

  test("its journal and its app's log file are the instance's log, here and in CloudWatch", async () => {
    const whole = (text: string) => /listening/i.test(text) && /Started webapp/.test(text);
    await until("the log to be whole", async () => log(instance), whole, 10_000);
    await until("CloudWatch to have it", () => cloud.logged(instance), whole, 10_000);
  });

  test("an app that crashes for good leaves the machine running and fails its health check", async () => {
    const broken = await cloud.launch(image, { DB_PORT: "none" });
    const givenUp = async () => /webapp.service: Start request repeated too quickly/.test(log(broken));
    await until("systemd to give the app up", givenUp, Boolean, 30_000);
    expect(log(broken)).toContain("DB_PORT must be a port");
    await cloud.register(broken);
    await until(
      "the target to be unhealthy",
      async () => (await shown(broken))?.health,
      (health) => health === "unhealthy",
      40_000,
    );
    expect(await shown(broken)).toMatchObject({ state: "running" });
    await cloud.terminate(broken);
    await until(
      "it to be gone",
      () => shown(broken),
      (found) => found === undefined,
      60_000,
    );
  });

  test("terminated, it powers off: the app finishes, and nothing of it is left", async () => {
    const pid = (await shown(instance))?.pid ?? 0;
    const tree = below(pid);
    await cloud.terminate(instance);
    await until(
      "it to be gone",
      () => shown(instance),
      (found) => found === undefined,
      90_000,
    );
    expect([pid, ...tree].filter((one) => startTime(one) !== undefined)).toEqual([]);
    expect(log(instance)).toContain('"msg":"stopped"');
    expect(log(instance)).toMatch(/Stopped webapp|Deactivated successfully/);
    expect(existsSync(join(stateDir, "instances", instance))).toBe(false);
    expect(execaSync("find", ["/sys/fs/cgroup", "-name", `webstead-${instance}`]).stdout).toBe("");
  });

  test("a daemon killed by force leaves no machine running", async () => {
    const last = await cloud.launch(image);
    await until(
      "the app to answer",
      () => direct(last, "/healthz"),
      (status) => status === 200,
      30_000,
    );
    const pid = (await shown(last))?.pid ?? 0;
    const tree = [pid, ...below(pid)].map((one) => ({ one, start: startTime(one) }));
    expect(tree.length).toBeGreaterThan(5);
    process.kill(twin.pid, "SIGKILL");
    const alive = async () => tree.filter(({ one, start }) => startTime(one) === start).map(({ one }) => one);
    await until("all of the machine to be gone", alive, (found) => found.length === 0, 30_000);
    const named = () => readdirSync("/proc").filter((one) => commandOf(one).includes(last));
    await until(
      "its network and log readers to be gone",
      async () => named(),
      (found) => found.length === 0,
      30_000,
    );
    expect(readFileSync("/proc/self/mounts", "utf8")).not.toContain(stateDir);
  });

  /** All processes that descend from one. */
  function below(pid: number): number[] {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8");
    const children = text.split(" ").filter(Boolean).map(Number);
    return [...children, ...children.flatMap(below)];
  }

  function commandOf(pid: string): string {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, "utf8");
    } catch {
      return "";
    }
  }
});
