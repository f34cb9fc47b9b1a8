import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync } from "node:fs";
import { join } from "node:path";

const MOUNT = "/sys/fs/cgroup";

/** The control groups of one machine: without its own, the systemd of two machines would manage each other's. */
export interface ControlGroups {
  readonly folders: readonly string[];
  /** Whether the machine sees the unified hierarchy (version 2) or the one before it. */
  readonly unified: boolean;
}

/**
 * Makes the groups, below those of this process, in each hierarchy in which a systemd keeps its services. Rejects
 * with the error of the file system where that is not allowed.
 */
export function makeControlGroups(name: string): ControlGroups {
  const own = readFileSync("/proc/self/cgroup", "utf8");
  const below = (mount: string, line: RegExp) => join(mount, line.exec(own)?.[1] ?? "/", `webstead-${name}`);
  const version2 = [MOUNT, join(MOUNT, "unified")].find((mount) =>
    existsSync(join(mount, "cgroup.controllers")),
  );
  const folders = version2 === undefined ? [] : [below(version2, /^0::(.*)$/m)];
  if (version2 !== MOUNT && existsSync(join(MOUNT, "systemd"))) {
    folders.push(below(join(MOUNT, "systemd"), /^\d+:name=systemd:(.*)$/m));
  }
  for (const folder of folders) mkdirSync(folder, { recursive: true });
  return { folders, unified: version2 !== undefined };
}

/** Removes the groups, which the end of the machine has emptied. */
export function removeControlGroups({ folders }: ControlGroups): void {
  for (const folder of folders) removeEmpty(folder);
}

function removeEmpty(folder: string): void {
  try {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (entry.isDirectory()) removeEmpty(join(folder, entry.name));
    }
    rmdirSync(folder);
  } catch {
    // Gone already, or a process is still ending in it: an empty group costs nothing.
  }
}
