import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";

/** Something to run: a program, its arguments, and where. */
export interface Command {
  readonly program: string;
  readonly arguments: readonly string[];
  readonly folder: string;
}

/**
 * CPU seconds (user and system) of a command and of every child it waited for, by the shell's own count:
 * Node can only tell what it used itself. Exact to about a hundredth.
 * @throws Error with the command's stderr when it fails
 */
export async function cpuSeconds(command: Command): Promise<number> {
  const script = '"$@" >/dev/null; code=$?; times; exit $code';
  const child = spawn("sh", ["-c", script, "sh", command.program, ...command.arguments], {
    cwd: command.folder,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  const [times, errors, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  if (code !== 0) {
    throw new Error(`${command.program} ${command.arguments.join(" ")} ended with ${code}:\n${errors}`);
  }
  return childrenOf(times);
}

/** The second line that `times` prints is about the shell's children: `0m1.20s 0m0.30s`. */
function childrenOf(times: string): number {
  const seconds = [...(times.trim().split("\n")[1] ?? "").matchAll(/(\d+)m([\d.]+)s/g)].map(
    ([, minutes, rest]) => Number(minutes) * 60 + Number(rest),
  );
  if (seconds.length !== 2) throw new Error(`unreadable output of the shell's times: ${times}`);
  return seconds.reduce((sum, value) => sum + value, 0);
}
