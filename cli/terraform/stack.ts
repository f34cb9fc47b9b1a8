import { copyFileSync, mkdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import type { Console, Step } from "../console.ts";
import { Cancelled, Failure } from "../errors.ts";
import { ApplyProgress } from "./apply-progress.ts";
import {
  type Change,
  type ChangeSummary,
  type Diagnostic,
  describeDiagnostic,
  parseEvent,
  type TerraformEvent,
} from "./events.ts";
import { runTerraform } from "./run.ts";

/** What a plan would do. */
export interface Plan {
  /** The saved plan. */
  readonly file: string;
  readonly changes: readonly Change[];
  readonly summary: ChangeSummary;
}

/** Terraform ended with errors; they have been shown. */
export class TerraformFailure extends Failure {
  readonly errors: readonly Diagnostic[];

  constructor(message: string, errors: readonly Diagnostic[]) {
    super(message);
    this.errors = errors;
  }
}

/** The operations of Terraform on one environment's stack, each with its progress. */
export class Stack {
  readonly folder: string;
  readonly #environment: Readonly<Record<string, string>>;
  readonly #runDir: string;
  readonly #console: Console;

  constructor(options: {
    /** The stack's folder, with cdk.tf.json in it. */
    folder: string;
    /** The variables for Terraform: credentials, endpoint, provider mirror. */
    environment: Readonly<Record<string, string>>;
    /** Where runs are recorded. */
    runDir: string;
    console: Console;
  }) {
    this.folder = options.folder;
    this.#environment = options.environment;
    this.#runDir = options.runDir;
    this.#console = options.console;
  }

  /** `terraform init`, anew each time: the same folder may have been used with another cloud. */
  async init(step: Step, backendArguments: readonly string[]): Promise<void> {
    step.update("terraform init");
    const { exitCode, stderr, stdout } = await this.#quick([
      "init",
      "-input=false",
      "-no-color",
      "-reconfigure",
      ...backendArguments,
    ]);
    if (exitCode !== 0)
      throw new Failure(`terraform init failed in ${this.folder}:\n${stderr.trim() || stdout}`);
  }

  /** Makes a plan and saves it. */
  async plan(step: Step, options: { destroy: boolean }): Promise<Plan> {
    const file = join(this.#runDir, "plan.tfplan");
    const changes: Change[] = [];
    let summary: ChangeSummary = { add: 0, change: 0, remove: 0, operation: "plan" };
    let refreshed = 0;
    step.update("terraform plan");
    await this.#run(
      "plan",
      ["plan", "-json", "-input=false", `-out=${file}`, ...(options.destroy ? ["-destroy"] : [])],
      step,
      (event) => {
        if (event.type === "planned_change") changes.push(event.change);
        if (event.type === "change_summary") summary = event.changes;
        if (event.type === "refresh_complete") step.tick(`terraform plan: ${++refreshed} resources read`);
      },
    );
    return { file, changes: changes.filter((change) => change.action !== "noop"), summary };
  }

  /** Applies a saved plan. */
  async apply(step: Step, plan: Plan): Promise<ChangeSummary> {
    const total = plan.summary.add + plan.summary.change + plan.summary.remove;
    const progress = new ApplyProgress(total);
    let summary: ChangeSummary = { ...plan.summary };
    const clock = setInterval(() => step.tick(progress.describe()), 1000);
    try {
      await this.#run("apply", ["apply", "-json", "-input=false", plan.file], step, (event) => {
        progress.see(event);
        if (event.type === "change_summary") summary = event.changes;
        if (event.type === "apply_complete" && event.hook.action !== "read") {
          step.update(progress.describeDone(`${event.hook.resource.addr} ${pastTense(event.hook.action)}`));
        }
      });
    } finally {
      clearInterval(clock);
    }
    return summary;
  }

  /** The outputs of the last apply. */
  async outputs(): Promise<Record<string, string>> {
    const { exitCode, stdout, stderr } = await this.#quick(["output", "-json"]);
    if (exitCode !== 0) throw new Failure(`terraform output failed in ${this.folder}: ${stderr.trim()}`);
    const outputs = JSON.parse(stdout) as Record<string, { value: unknown }>;
    return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, String(value)]));
  }

  /** The state as it is saved, as text. */
  async state(): Promise<string> {
    const { exitCode, stdout, stderr } = await this.#quick(["state", "pull"]);
    if (exitCode !== 0) throw new Failure(`terraform state pull failed in ${this.folder}: ${stderr.trim()}`);
    return stdout;
  }

  /** Gives back a lock on the state that a killed run left. */
  async forceUnlock(id: string): Promise<void> {
    const { exitCode, stderr } = await this.#quick(["force-unlock", "-force", id]);
    if (exitCode !== 0) throw new Failure(`terraform force-unlock ${id} failed: ${stderr.trim()}`);
  }

  /** Takes over what was synthesized in `from`: a reader of the stack's folder sees the old files or the new ones. */
  take(from: string): void {
    mkdirSync(this.folder, { recursive: true });
    for (const file of ["cdk.tf.json", ".terraform.lock.hcl"]) {
      const draft = join(this.folder, `${file}.${process.pid}`);
      copyFileSync(join(from, file), draft);
      renameSync(draft, join(this.folder, file));
    }
  }

  #quick(args: readonly string[]) {
    return execa("terraform", args, {
      cwd: this.folder,
      env: this.#environment,
      extendEnv: false,
      reject: false,
      stdin: "ignore",
    });
  }

  async #run(
    operation: string,
    args: readonly string[],
    step: Step,
    onEvent: (event: TerraformEvent) => void,
  ): Promise<void> {
    const errors: Diagnostic[] = [];
    const result = await runTerraform({
      operation,
      args,
      cwd: this.folder,
      environment: this.#environment,
      runDir: this.#runDir,
      onInterrupt: () => step.update("stopping: Terraform ends what is under way and saves the state"),
      onLine: (line) => {
        const event = parseEvent(line);
        if (event === undefined) return;
        if (event.type === "diagnostic" && event.diagnostic.severity === "error")
          errors.push(event.diagnostic);
        onEvent(event);
      },
    });
    if (result.interrupted && result.exitCode !== 0) {
      throw new Cancelled(
        `terraform ${operation} was stopped; its state is saved, and the same command goes on from there`,
      );
    }
    if (result.exitCode === 0) return;
    for (const error of errors) this.#console.say(describeDiagnostic(error));
    throw new TerraformFailure(
      errors.length > 0
        ? `terraform ${operation} failed with ${errors.length === 1 ? "the error" : `the ${errors.length} errors`} above; mend it and run the same command again: it goes on from there`
        : `terraform ${operation} failed (exit code ${result.exitCode}): ${result.stderr.trim() || "it gave no reason"}`,
      errors,
    );
  }
}

function pastTense(action: string): string {
  return { create: "created", update: "updated", delete: "deleted" }[action] ?? action;
}
