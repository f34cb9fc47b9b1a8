import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { runPacker } from "../../../cli/bake/packer-run.ts";
import { Cancelled, Failure } from "../../../cli/errors.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "packer-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a stand-in for the program "packer", a shell script, and collects what is shown. */
function bake(script: string) {
  const program = join(folder, "packer");
  writeFileSync(program, `#!/bin/sh\n${script}\n`);
  chmodSync(program, 0o755);
  const shown: string[] = [];
  const step = { update: (line: string) => shown.push(line), tick: () => {}, result: () => {} };
  const logFile = join(folder, "log/packer.log");
  const run = {
    program,
    args: ["-var", "a=b", "."],
    cwd: folder,
    environment: { PATH: "/usr/bin:/bin" },
    logFile,
  };
  return { done: runPacker(run, step), shown, log: () => readFileSync(logFile, "utf8") };
}

test("the image's id comes back, the progress is shown, and all is kept in a file", async () => {
  const { done, shown, log } = bake(`
    echo "1,,ui,say,==> amazon-ebs.webapp: Launching"
    echo "1,,ui,message,    amazon-ebs.webapp: TASK [webapp : Unpack the release] *****"
    echo "1,,ui,message,    amazon-ebs.webapp: changed: [default]"
    echo "1,amazon-ebs.webapp,artifact,0,id,us-east-1:ami-42"
    echo "a warning" >&2
    echo "args: $*" > args`);
  expect(await done).toBe("ami-42");
  expect(shown).toEqual(["Launching", "webapp : Unpack the release"]);
  expect(log()).toContain("a warning");
  expect(readFileSync(join(folder, "args"), "utf8")).toBe("args: build -machine-readable -var a=b .\n");
});

test("a failure shows the last lines and names the file with all of them", async () => {
  const { done } = bake('for n in $(seq 40); do echo "1,,ui,error,line $n"; done; exit 1');
  const error = await done.catch((reason: Error) => reason);
  expect(error).toBeInstanceOf(Failure);
  expect((error as Error).message).toMatch(
    /^packer failed with exit code 1; its last lines \(all .*packer\.log\):/,
  );
  expect((error as Error).message).toContain("    line 40");
  expect((error as Error).message).not.toContain("line 15\n");
});

test("a bake that ends well without an image is a failure", async () => {
  await expect(bake("exit 0").done).rejects.toThrow("packer made no image");
});

test("Ctrl-C is passed on once, and waits until Packer has cleaned up", async () => {
  const { done } = bake(`
    trap 'echo x >> interrupts; sleep 0.3; echo done > cleaned; exit 1' INT
    echo ready > ready
    while :; do sleep 0.05; done`);
  while (!existsSync(join(folder, "ready"))) await wait(10);
  process.emit("SIGINT");
  process.emit("SIGINT");
  await expect(done).rejects.toBeInstanceOf(Cancelled);
  expect(existsSync(join(folder, "cleaned"))).toBe(true);
  expect(readFileSync(join(folder, "interrupts"), "utf8")).toBe("x\n");
});

test("a machine without Packer says so", async () => {
  const step = { update: () => {}, tick: () => {}, result: () => {} };
  const run = {
    program: join(folder, "nowhere"),
    args: [],
    cwd: folder,
    environment: {},
    logFile: join(folder, "l"),
  };
  await expect(runPacker(run, step)).rejects.toThrow(/^packer cannot be started/);
});
