import type { ChildProcess } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { end, hasEnded, type Processes } from "../processes.ts";
import { type ControlGroups, makeControlGroups, removeControlGroups } from "./control-groups.ts";
import { SYSTEM_PATH } from "./requirements.ts";

const LEADER_LIMIT_MS = 30_000;
const LAYER_PARTS = ["upper", "work", "root"];

/** What a container is made of. */
export interface ContainerOptions {
  /** Letters, digits and hyphens; unique on this machine. */
  readonly name: string;
  readonly hostname: string;
  /** The root file system. */
  readonly root: string;
  /** Whether others boot it too: what this one writes then stays in its own folder. */
  readonly shared: boolean;
  /** The container's own folder; must exist. */
  readonly folder: string;
  /** A process in the network that the container gets. */
  readonly networkOf: number;
  /** Folders of the host that the container sees read-only: path inside -> path on the host. */
  readonly folders?: Readonly<Record<string, string>>;
  readonly processes: Processes;
  /** Takes what the console shows. */
  readonly onOutput: (text: string) => void;
}

/** An operating system booted by systemd-nspawn: own processes, mounts and network, the kernel of this machine. */
export class Container {
  private readonly options: ContainerOptions;
  private readonly child: ChildProcess;
  private readonly groups: ControlGroups;

  /** Starts to boot. */
  constructor(options: ContainerOptions) {
    this.options = options;
    const { name, root, shared, folder, networkOf, processes, onOutput } = options;
    if (shared) {
      for (const part of LAYER_PARTS) mkdirSync(join(folder, part), { recursive: true });
      // The machine's own / has this folder's mode, whatever the umask of this process.
      chmodSync(join(folder, "upper"), 0o755);
    }
    this.groups = makeControlGroups(name);
    this.child = processes.spawn(
      name,
      "unshare",
      [
        ...["--mount", "--propagation", "private", "sh", join(import.meta.dirname, "launch.sh")],
        ...[folder, root, String(networkOf), this.groups.folders.join("\n")],
        ...nspawnArguments(options),
      ],
      {
        env: {
          PATH: SYSTEM_PATH,
          SYSTEMD_NSPAWN_UNIFIED_HIERARCHY: this.groups.unified ? "1" : "0",
          // Its network is its own: it may set what the kernel keeps of it.
          SYSTEMD_NSPAWN_API_VFS_WRITABLE: "network",
        },
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    for (const stream of [this.child.stdout, this.child.stderr] as (Readable | null)[]) {
      stream?.setEncoding("utf8").on("data", onOutput);
    }
    this.child.on("error", (error) => onOutput(`${error.message}\n`));
  }

  /** The process that holds the container; undefined when it has ended. */
  get pid(): number | undefined {
    return hasEnded(this.child) ? undefined : this.child.pid;
  }

  /** Calls back once, when the container has ended by itself or by `stop`. */
  onExit(callback: () => void): void {
    if (hasEnded(this.child)) callback();
    else this.child.once("exit", callback);
  }

  /** The first process of the booted system, as this machine numbers it. Rejects if the container ends before. */
  async leader(): Promise<number> {
    const deadline = Date.now() + LEADER_LIMIT_MS;
    for (;;) {
      const pid = this.pid;
      if (pid === undefined) throw new Error("systemd-nspawn ended at its start");
      const found = childrenOf(pid).flatMap(childrenOf).find(isFirstOfThree);
      if (found !== undefined) return found;
      if (Date.now() > deadline) throw new Error("no system booted");
      await delay(20);
    }
  }

  /** Powers off as one does a machine; what runs after `graceMs` is killed. */
  async stop(graceMs: number): Promise<void> {
    const pid = this.pid;
    if (pid !== undefined) {
      try {
        // The whole group: systemd-nspawn is not its first process, and passes it on as a request to power off.
        process.kill(-pid, "SIGTERM");
      } catch {
        // It has just ended.
      }
      await end(this.child, graceMs);
    }
    removeControlGroups(this.groups);
    if (this.options.shared) {
      for (const part of LAYER_PARTS) {
        rmSync(join(this.options.folder, part), { recursive: true, force: true });
      }
    }
    rmSync(join(this.options.folder, "network"), { force: true });
  }
}

function nspawnArguments({ name, hostname, folders = {} }: ContainerOptions): string[] {
  return [
    ...["--quiet", "--boot", "--register=no", "--keep-unit", "--console=pipe"],
    ...[`--machine=${name}`, `--hostname=${hostname}`, "--capability=CAP_NET_ADMIN"],
    ...["--resolv-conf=off", "--timezone=off", "--link-journal=no"],
    ...Object.entries(folders).map(([inside, outside]) => `--bind-ro=${outside}:${inside}`),
  ];
}

function childrenOf(pid: number): number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8");
    return text.split(" ").filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

/** Number 1 in the third namespace: this machine's, systemd-nspawn's, its own. */
function isFirstOfThree(pid: number): boolean {
  try {
    const numbers =
      /^NSpid:\s+(.*)$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]?.split(/\s+/) ?? [];
    return numbers.length >= 3 && numbers.at(-1) === "1";
  } catch {
    return false;
  }
}
