import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { execa } from "execa";
import { Container } from "../../../twin/machines/container.ts";
import { end, type Processes } from "../../../twin/processes.ts";
import { AS_BAKED } from "./fault-catalogue.ts";

const BOOT_LIMIT_MS = 60_000;

/** A booted copy of an image: what is written to it stays out of the image. */
export interface Copy {
  /** Its first process, as this machine numbers it. */
  readonly leader: number;
  stop(): Promise<void>;
}

/** Boots a copy with nothing but a loopback interface, makes it look as it was baked, and runs a script in it. */
export async function bootCopy(
  name: string,
  { root, folder, processes, script }: { root: string; folder: string; processes: Processes; script: string },
): Promise<Copy> {
  const own = join(folder, name);
  mkdirSync(own, { recursive: true });
  const network = processes.spawn(
    `${name} network`,
    "unshare",
    ["--net", "sh", "-c", "ip link set lo up && echo up && exec sleep infinity"],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  await new Promise((resolve) => network.stdout?.once("data", resolve));
  let console = "";
  const container = new Container({
    name: `fault-${process.pid}-${name}`,
    hostname: "copy",
    root,
    shared: true,
    folder: own,
    networkOf: network.pid ?? 0,
    processes,
    onOutput: (text) => {
      console += text;
    },
  });
  const stop = async () => {
    await container.stop(15_000);
    await end(network, 1_000);
  };
  try {
    const leader = await container.leader();
    await untilBooted(leader);
    await inside(leader, `set -e\n${AS_BAKED}\n${script}`);
    return { leader, stop };
  } catch (error) {
    await stop();
    throw new Error(`${name}: ${(error as Error).message}\n${console}`);
  }
}

/** Runs a shell script in a container. Rejects with what it said if it fails. */
export async function inside(leader: number, script: string): Promise<string> {
  const { stdout } = await execa(
    "nsenter",
    [`--target=${leader}`, "--mount", "--uts", "--ipc", "--net", "--pid", "--", "/bin/sh", "-c", script],
    { env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", LC_ALL: "C.UTF-8" }, extendEnv: false },
  );
  return stdout;
}

async function untilBooted(leader: number): Promise<void> {
  const deadline = Date.now() + BOOT_LIMIT_MS;
  for (;;) {
    const state = await inside(leader, "systemctl is-active basic.target").catch(() => "");
    if (state === "active") return;
    if (Date.now() > deadline) throw new Error(`not booted within ${BOOT_LIMIT_MS / 1_000} s`);
    await delay(100);
  }
}
