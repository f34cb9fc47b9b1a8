import { readdirSync, readFileSync } from "node:fs";

/** Clock ticks in a second, in which Linux tells processes' times to everybody, whatever its own clock does. */
const TICKS = 100;

/** What Linux tells of a process. */
interface Stat {
  readonly pid: number;
  readonly parent: number;
  /** CPU ticks, its own and those of children that it waited for. */
  readonly ticks: number;
}

/** CPU seconds (user and system) that a process and all it started have used so far. Exact to a hundredth each. */
export function cpuOfTree(root: number): number {
  return tree(root).reduce((sum, { ticks }) => sum + ticks, 0) / TICKS;
}

/**
 * Memory of a process and all it started, in MiB: the proportional set size, in which a page that several share counts
 * once.
 */
export function memoryOfTree(root: number): number {
  const kibibytes = tree(root).map(({ pid }) => {
    const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
    return Number(/^Pss:\s+(\d+) kB$/m.exec(rollup)?.[1]);
  });
  return kibibytes.reduce((sum, value) => sum + value, 0) / 1024;
}

/** How many processes there are. */
export function sizeOfTree(root: number): number {
  return tree(root).length;
}

function tree(root: number): Stat[] {
  const all = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => statOf(Number(name)) ?? []);
  const found = all.filter(({ pid }) => pid === root);
  if (found.length === 0) throw new Error(`process ${root} is not there any more`);
  // It grows while it is walked: children of children are found in turn.
  for (const { pid } of found) found.push(...all.filter(({ parent }) => parent === pid));
  return found;
}

function statOf(pid: number): Stat | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name, in parentheses, may hold anything.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
    return { pid, parent: Number(fields[1]), ticks };
  } catch {
    return undefined;
  }
}
