import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { get } from "node:http";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Bridge } from "../twin/machines/bridge.ts";
import { Container } from "../twin/machines/container.ts";
import { MetadataServer } from "../twin/metadata/metadata-server.ts";
import { Processes } from "../twin/processes.ts";
import { StateFolder } from "../twin/state-folder.ts";

/** Seconds a boot may take. */
const LIMIT = 180;

const USER_DATA =
  "PORT=80\nDB_HOST=127.0.0.2\nDB_PORT=3306\nDB_NAME=webapp\nDB_SECRET_ARN=none\nAWS_REGION=us-east-1\n";

/** When each phase of a boot ended, in seconds from power-on. */
export interface Boot {
  /** Marks of the installation, where there was one: name and when it began. */
  readonly marks: readonly (readonly [name: string, at: number])[];
  /** The unit that reads the user data began. */
  readonly settings: number;
  /** It had written the environment file. */
  readonly settingsDone: number;
  /** The app's program was executed. */
  readonly app: number;
  /** The first 200 was read. */
  readonly answered: number;
}

/**
 * Boots a root file system as an instance: a container in a private network, where only the metadata service is
 * reached and only port 80 leads in. What it writes is thrown away.
 */
export async function bootOnce(root: string, folder: string): Promise<Boot> {
  const state = new StateFolder(folder);
  state.create();
  const processes = new Processes(state.ledger);
  const metadata = new MetadataServer({
    account: "123456789012",
    region: "us-east-1",
    id: "i-00000000000000001",
    state: "running",
    imageId: "ami-00000000000000001",
    userData: Buffer.from(USER_DATA).toString("base64"),
    roleName: null,
    privateIp: null,
    subnetId: null,
    availabilityZone: "us-east-1a",
    launchTime: "2026-01-01T00:00:00.000Z",
    tags: {},
    autoScalingGroup: null,
  });
  const at = { host: "127.0.0.1", port: Number(new URL(await metadata.open()).port) };
  const name = `boot-bench-${process.pid}`;
  let output = "";
  const onOutput = (text: string) => {
    output += text;
  };
  const own = join(folder, "machine");
  mkdirSync(own, { recursive: true });
  const bridge = await Bridge.open({
    name,
    processes,
    socket: (socket) => state.socket(`${socket}.sock`),
    machinePort: 80,
    reachable: [{ address: "169.254.169.254", port: 80, at }],
    onOutput,
  });
  const poweredOn = monotonic();
  const container = new Container({
    ...{
      name,
      hostname: "bench",
      root,
      shared: true,
      folder: own,
      networkOf: bridge.pid,
      processes,
      onOutput,
    },
  });
  try {
    while (!(await answers200(bridge.port))) {
      if (container.pid === undefined || monotonic() - poweredOn > LIMIT) {
        throw new Error(`the machine does not answer:\n${output.slice(-3000)}`);
      }
      await sleep(10);
    }
    const answered = monotonic() - poweredOn;
    const times = unitTimes(await container.leader());
    return {
      marks: readMarks(join(own, "upper")).map(([mark, began]) => [mark, began - poweredOn]),
      settings: times("webapp-settings.service", "ExecMainStartTimestampMonotonic") - poweredOn,
      settingsDone: times("webapp-settings.service", "ExecMainExitTimestampMonotonic") - poweredOn,
      app: times("webapp.service", "ExecMainStartTimestampMonotonic") - poweredOn,
      answered,
    };
  } finally {
    await container.stop(10_000);
    await bridge.close();
    metadata.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Seconds on the clock that systemd in a container shares with this process. */
function monotonic(): number {
  return Number(process.hrtime.bigint()) / 1e9;
}

function answers200(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get(
      { host: "127.0.0.1", port, path: "/healthz", agent: false, timeout: 1000 },
      (response) => {
        response.resume();
        response.on("close", () => resolve(response.statusCode === 200));
      },
    );
    request.on("timeout", () => request.destroy());
    request.on("error", () => resolve(false));
  });
}

function unitTimes(leader: number): (unit: string, property: string) => number {
  return (unit, property) => {
    const show = ["systemctl", "show", "--value", `--property=${property}`, unit];
    const text = execFileSync("nsenter", ["--target", String(leader), "--all", ...show], {
      encoding: "utf8",
    });
    return Number(text.trim()) / 1e6;
  };
}

function readMarks(written: string): [string, number][] {
  try {
    const text = readFileSync(join(written, "usr/share/install-at-boot/marks"), "utf8");
    return text
      .trim()
      .split("\n")
      .map((line) => line.split(" "))
      .map(([mark = "", at = ""]) => [mark, Number(at)]);
  } catch {
    return [];
  }
}
