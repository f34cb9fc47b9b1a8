import { appendFileSync } from "node:fs";
import { setPriority } from "node:os";
import { execa } from "execa";

/** Where a suite runs, and where what it prints goes. */
export interface Place {
  /** The checkout. */
  readonly root: string;
  /**
   * What the tools print belongs to the reader, not to the result: stderr (2), or a file while another suite runs.
   */
  readonly output: 2 | { readonly file: string; readonly append: true };
  /** How far the suite steps back behind others on this machine, 0 to 19. */
  readonly niceness: number;
}

/** What a suite found. */
export interface Outcome {
  /** How many of its tests passed. */
  readonly passed: number;
  /** Those that did not, by name. */
  readonly failures: readonly string[];
}

/** Prints a line where the tools of the suite print. */
export function say({ output }: Place, line: string): void {
  if (output === 2) console.error(line);
  else appendFileSync(output.file, `${line}\n`);
}

/** Runs a program to its end. @returns whether it ended well */
export async function succeeds(
  place: Place,
  program: string,
  args: readonly string[],
  cwd = place.root,
): Promise<boolean> {
  const child = execa(program, args, {
    cwd,
    reject: false,
    stdin: "ignore",
    stdout: place.output,
    stderr: place.output,
  });
  if (place.niceness > 0 && child.pid !== undefined) setPriority(child.pid, place.niceness);
  return (await child).exitCode === 0;
}
