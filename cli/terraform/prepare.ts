import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { Failure } from "../errors.ts";
import type { Session } from "../session.ts";
import { stateLocation } from "../state-bucket.ts";
import { ApplyProgress } from "./apply-progress.ts";
import { parseEvent } from "./events.ts";
import { abandonedRun, awaitAbandonedRun, forgetRun, type TerraformRun } from "./run.ts";
import { clearStateLock } from "./state-lock.ts";

/**
 * Waits for a Terraform that an earlier command of this checkout left running, as when its terminal was killed: it
 * must end and save its state before anything else may touch the environment.
 *
 * @returns the run that was killed before it could save its state, if that is how the last one ended
 */
export async function settleAbandonedRun(session: Session): Promise<TerraformRun | undefined> {
  const { console, runDir } = session;
  const run = abandonedRun(runDir);
  if (run === undefined) return undefined;
  if (!run.running) return run;
  await console.step("Earlier", async (step) => {
    const title = `terraform ${run.operation} of an earlier command still runs (process ${run.pid}): waiting for its end`;
    step.update(title);
    const progress = new ApplyProgress(0);
    await awaitAbandonedRun(run, runDir, (line) => {
      const event = parseEvent(line);
      if (event !== undefined) progress.see(event);
      if (event?.type === "apply_complete") step.tick(`${title}, ${event.hook.resource.addr} done`);
    });
    step.result(`terraform ${run.operation} of an earlier command has ended`);
  });
  forgetRun(runDir);
  return undefined;
}

/**
 * Synthesizes: config in, cdktf.out/stacks/<environment>/cdk.tf.json out. What another command may be reading, of this
 * environment or of others, is never half-written.
 */
export async function synthesize(session: Session): Promise<void> {
  const { console, environment, runDir, settings, stack } = session;
  const output = join(runDir, "synth");
  await console.step("Synth", async (step) => {
    const { exitCode, stderr } = await execa(process.execPath, ["cli/synth.ts"], {
      cwd: settings.root,
      env: { CDKTF_OUTDIR: output },
      reject: false,
      stdin: "ignore",
    });
    if (exitCode !== 0) throw new Failure(`synth failed:\n${stderr.trim()}`);
    stack.take(join(output, "stacks", environment.name));
    step.result("cdk.tf.json");
  });
}

/**
 * `terraform init`, and a look at the lock on the state. The record of a killed run stays until the plan that follows
 * replaces it: should this command be stopped in between, the next one must still know.
 */
export async function initialize(session: Session, killed: TerraformRun | undefined): Promise<void> {
  const { console, cloud, environment, stack, runDir } = session;
  mkdirSync(runDir, { recursive: true });
  await console.step("Init", async (step) => {
    await stack.init(step, cloud.backendArguments);
    const lock = await clearStateLock(cloud.clients.s3, stateLocation(environment), stack, killed);
    step.result(
      lock === "cleared" ? "gave back the state lock of a run that was killed" : "provider and state ready",
    );
  });
}
