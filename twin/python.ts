import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { messageOf } from "./http-json.ts";
import type { Processes } from "./processes.ts";

const run = promisify(execFile);
const OLDEST = [3, 11] as const;
const CANDIDATES = ["python3", "python3.13", "python3.12", "python3.11", "python3.14"];

/** How to make the Python environment of the AWS API. */
export interface PythonOptions {
  /** The virtual environment's folder. */
  readonly folder: string;
  /** Files of pinned requirements, with hashes. */
  readonly requirements: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  readonly processes: Processes;
  readonly onProgress: (line: string) => void;
}

/**
 * The Python of a virtual environment with exactly these requirements; made anew only when they or the Python
 * have changed. Rejects with one line that names the package to install if Python 3.11 or its venv is missing.
 */
export async function preparePython(options: PythonOptions): Promise<string> {
  const { folder, requirements, environment, onProgress } = options;
  const python = join(folder, "bin", "python");
  const stamp = join(folder, "requirements.sha256");
  const base = await findPython(environment);
  const hash = createHash("sha256").update(base.version);
  for (const file of requirements) hash.update(readFileSync(file));
  const digest = hash.digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === digest && (await works(python))) return python;

  onProgress(`making a Python ${base.version} environment`);
  rmSync(folder, { recursive: true, force: true });
  try {
    await run(base.command, ["-m", "venv", folder], { env: environment });
  } catch (error) {
    throw new Error(
      `${base.command} cannot make a virtual environment (${lastLine(error)}); install what it needs: apt-get install python3-venv`,
    );
  }
  await pipInstall(python, options).catch((error) => {
    // An index that stumbles looks to pip like one without the package: what is pinned was there, so once more.
    onProgress(`${messageOf(error)}; trying once more`);
    return pipInstall(python, options);
  });
  writeFileSync(stamp, digest);
  return python;
}

async function findPython(env: NodeJS.ProcessEnv): Promise<{ command: string; version: string }> {
  const seen: string[] = [];
  for (const command of CANDIDATES) {
    const script = "import sys; print('%d.%d.%d' % sys.version_info[:3])";
    const version = await run(command, ["-c", script], { env }).then(
      ({ stdout }) => stdout.trim(),
      () => undefined,
    );
    if (version === undefined) continue;
    const [major = 0, minor = 0] = version.split(".").map(Number);
    if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return { command, version };
    seen.push(`${command} is ${version}`);
  }
  const got = seen.length === 0 ? "found none" : `got ${seen.join(", ")}`;
  throw new Error(
    `Python ${OLDEST.join(".")} or newer is needed, ${got}; install it: apt-get install python3 python3-venv`,
  );
}

async function works(python: string): Promise<boolean> {
  return run(python, ["-c", ""]).then(
    () => true,
    () => false,
  );
}

function pipInstall(python: string, options: PythonOptions): Promise<void> {
  const { requirements, environment, processes, onProgress } = options;
  const flags = ["--require-hashes", "--disable-pip-version-check", "--no-input", "--progress-bar", "off"];
  const files = requirements.flatMap((file) => ["-r", file]);
  const pip = processes.spawn("pip", python, ["-m", "pip", "install", ...flags, ...files], {
    env: environment,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let problem = "";
  pip.stderr?.setEncoding("utf8").on("data", (chunk: string) => {
    problem = /^ERROR: (.*)$/m.exec(chunk)?.[1] ?? problem;
  });
  pip.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
    for (const [, name] of chunk.matchAll(/^Collecting (\S+)/gm)) onProgress(`pip: ${name}`);
    if (chunk.includes("Installing collected packages")) onProgress("pip: installing");
  });
  return new Promise((resolve, reject) => {
    pip.on("error", (error) => reject(new Error(`pip cannot be started: ${error.message}`)));
    pip.on("close", (code) => {
      if (code === 0) resolve();
      else
        reject(
          new Error(`pip install failed: ${problem || `code ${code}`}; is the package index reachable?`),
        );
    });
  });
}

function lastLine(error: unknown): string {
  const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
  if (/ensurepip is not\s+available/.test(stdout + stderr)) return "ensurepip is not available";
  return (stderr.trim().split("\n").at(-1) || messageOf(error)).slice(0, 200);
}
