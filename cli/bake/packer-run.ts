import { spawn } from "node:child_process";
import { createWriteStream, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { createInterface } from "node:readline";
import type { Step } from "../console.ts";
import { Cancelled, Failure } from "../errors.ts";
import { type PackerEvent, parsePackerLine } from "./packer-output.ts";

/** One bake. */
export interface PackerRun {
  /** Behind `packer build -machine-readable`: variables and the template's folder. */
  readonly args: readonly string[];
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string>>;
  /** All that Packer and Ansible say is kept here. */
  readonly logFile: string;
  /** The program. Default `packer`. */
  readonly program?: string;
}

const LAST_LINES = 25;

/**
 * Runs one bake to its end, with its progress. The first Ctrl-C or SIGTERM is passed on as one SIGINT, on which Packer
 * removes the instance, key pair and security group it made; a second one would make it leave them.
 *
 * @returns the id of the image
 * @throws Failure with the last lines, after Packer has cleaned up; Cancelled after Ctrl-C
 */
export async function runPacker(run: PackerRun, step: Step): Promise<string> {
  mkdirSync(dirname(run.logFile), { recursive: true });
  const log = createWriteStream(run.logFile, { mode: 0o600 });
  // A group of its own: a terminal's Ctrl-C must reach Packer once, through us.
  const child = spawn(run.program ?? "packer", ["build", "-machine-readable", ...run.args], {
    cwd: run.cwd,
    env: { ...run.environment, PACKER_NO_COLOR: "1", CHECKPOINT_DISABLE: "1" },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  let interrupted = false;
  const interrupt = () => {
    step.update("stopping: Packer removes what it made");
    if (!interrupted && child.pid !== undefined) process.kill(child.pid, "SIGINT");
    interrupted = true;
  };
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);
  const last: string[] = [];
  let image: string | undefined;
  const keep = (text: string) => {
    log.write(`${text}\n`);
    last.push(...text.split("\n"));
    last.splice(0, last.length - LAST_LINES);
  };
  try {
    const ended = new Promise<number>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => resolve(code ?? 1));
    });
    createInterface({ input: child.stdout }).on("line", (line) => {
      const event = parsePackerLine(line);
      if (event?.kind === "artifact") image = event.image;
      else if (event !== undefined) {
        keep(event.text);
        const shown = progressOf(event);
        if (shown !== undefined && !interrupted) step.update(shown);
      }
    });
    createInterface({ input: child.stderr }).on("line", keep);
    const exitCode = await ended.catch((error: Error) => {
      throw new Failure(
        `packer cannot be started (${error.message}): install it with apt-get install packer, or from https://developer.hashicorp.com/packer/install`,
      );
    });
    if (interrupted) throw new Cancelled("the bake was stopped; Packer removed what it had made");
    if (exitCode !== 0 || image === undefined) {
      const what = exitCode === 0 ? "made no image" : `failed with exit code ${exitCode}`;
      throw new Failure(
        `packer ${what}; its last lines (all of them are in ${run.logFile}):\n${indent(last)}`,
      );
    }
    return image;
  } finally {
    process.off("SIGINT", interrupt);
    process.off("SIGTERM", interrupt);
    await new Promise((resolve) => log.end(resolve));
  }
}

/** The line for the screen: Packer's own steps and Ansible's tasks, not what each of them has to say. */
function progressOf(event: PackerEvent): string | undefined {
  if (event.kind === "artifact") return undefined;
  const [first = ""] = event.text.split("\n");
  return event.kind === "detail" ? /^TASK \[(.+)\]/.exec(first)?.[1] : first;
}

function indent(lines: readonly string[]): string {
  return lines.map((line) => `    ${line}`).join("\n");
}
