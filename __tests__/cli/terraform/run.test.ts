import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { isRunning } from "../../../cli/processes.ts";
import { abandonedRun, awaitAbandonedRun, forgetRun, runTerraform } from "../../../cli/terraform/run.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "run-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A stand-in for the program "terraform", first on the PATH of the run. */
function standIn(script: string): Record<string, string> {
  const file = join(folder, "terraform");
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  return { PATH: `${folder}:/usr/bin:/bin` };
}

const options = (environment: Record<string, string>, lines: string[] = []) => ({
  operation: "apply",
  args: ["apply"],
  cwd: folder,
  environment,
  runDir: join(folder, "run"),
  onLine: (line: string) => lines.push(line),
  onInterrupt: () => {},
});

test("every line of the output arrives, the last one too, and the exit code and stderr are told", async () => {
  const lines: string[] = [];
  const environment = standIn('echo one; echo "two ä"; printf three; echo why >&2; exit 3');
  const result = await runTerraform(options(environment, lines));
  expect(lines).toEqual(["one", "two ä", "three"]);
  expect(result).toEqual({ exitCode: 3, interrupted: false, stderr: "why\n" });
});

test("a run that ended leaves no record", async () => {
  await runTerraform(options(standIn("exit 0")));
  expect(abandonedRun(join(folder, "run"))).toBeUndefined();
});

test("a missing program is an error, not a hang", async () => {
  await expect(runTerraform(options({ PATH: folder }))).rejects.toThrow("ENOENT");
});

/** A command line in a process of its own, whose stand-in for Terraform runs until `folder/go` is there. */
async function startCommand() {
  const environment = standIn(
    `trap 'echo interrupted >> ${folder}/signals' INT; echo started; while [ ! -e ${folder}/go ]; do sleep 0.05; done; echo saved > ${folder}/state; echo ended`,
  );
  const script = `
    import { runTerraform } from ${JSON.stringify(join(import.meta.dirname, "../../../cli/terraform/run.ts"))};
    const result = await runTerraform({ ...${JSON.stringify(options(environment))}, onLine: console.log, onInterrupt: () => console.log("passed on") });
    console.log(JSON.stringify(result));`;
  const command = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  command.stdout.setEncoding("utf8").on("data", (text) => {
    output += text;
  });
  const until = async (text: string) => {
    while (!output.includes(text)) await once(command.stdout, "data");
  };
  await until("started");
  return { command, until, output: () => output };
}

const allow = () => writeFileSync(join(folder, "go"), "");

test("Ctrl-C is passed on once, however often it is pressed, and the run ends by itself", async () => {
  const { command, until, output } = await startCommand();
  command.kill("SIGINT");
  await until("passed on");
  command.kill("SIGINT");
  allow();
  await once(command, "exit");
  expect(readFileSync(join(folder, "signals"), "utf8")).toBe("interrupted\n");
  expect(output()).toContain('"interrupted":true');
  expect(existsSync(join(folder, "state"))).toBe(true);
});

test("Terraform outlives a command that is killed, and the next command waits for it", async () => {
  const { command } = await startCommand();
  command.kill("SIGKILL");
  await once(command, "exit");
  const run = abandonedRun(join(folder, "run"));
  expect(run).toMatchObject({ operation: "apply", running: true });
  if (run === undefined) return;
  allow();
  const lines: string[] = [];
  await awaitAbandonedRun(run, join(folder, "run"), (line) => lines.push(line));
  expect(isRunning(run)).toBe(false);
  expect(lines).toEqual(["started", "ended"]);
  expect(existsSync(join(folder, "state"))).toBe(true);
  forgetRun(join(folder, "run"));
  expect(abandonedRun(join(folder, "run"))).toBeUndefined();
});

test("a Terraform that was killed itself is told from one that still runs", async () => {
  const { command } = await startCommand();
  command.kill("SIGKILL");
  await once(command, "exit");
  const run = abandonedRun(join(folder, "run"));
  process.kill(run?.pid ?? 0, "SIGKILL");
  while (run !== undefined && isRunning(run)) await new Promise((resolve) => setImmediate(resolve));
  expect(abandonedRun(join(folder, "run"))).toMatchObject({ running: false });
});
