import { join } from "node:path";
import type { Environment } from "../config/environment.ts";
import { startTwin, twinStatus } from "../twin/client.ts";
import { awsCloud, type Cloud, checkIdentity, twinCloud } from "./cloud.ts";
import type { Console, Step } from "./console.ts";
import { loadEnvironment } from "./environments.ts";
import { Failure } from "./errors.ts";
import { takeLock } from "./lock.ts";
import type { Settings } from "./settings.ts";
import { Stack } from "./terraform/stack.ts";
import { GIT, requireTools, TERRAFORM, TWIN_TOOLS } from "./tools.ts";

/** What every command gets. */
export interface Tools {
  readonly settings: Settings;
  readonly console: Console;
}

/** One command at work on one environment: the only one that is, in this checkout. */
export interface Session extends Tools {
  readonly environment: Environment;
  readonly cloud: Cloud;
  readonly stack: Stack;
  /** Where runs of this environment on this cloud are recorded. */
  readonly runDir: string;
}

/**
 * Opens an environment for a command: reads and checks it, takes its lock, looks for the tools and reaches the
 * cloud. The lock is given back when the work ends, however it ends.
 *
 * @param options.start whether a twin that does not run is started (else it is a failure that says so)
 * @param options.readOnly it changes nothing, so it needs neither lock nor tools, and may run beside any other
 */
export async function withSession<T>(
  command: "deploy" | "destroy" | "bootstrap" | "bake" | "rollback" | "promote" | "images" | "doctor",
  name: string,
  options: { local: boolean; start: boolean; readOnly?: boolean },
  tools: Tools,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const { settings, console } = tools;
  const environment = await loadEnvironment(settings.root, name);
  console.say(
    `${command} ${environment.name} ${options.local ? "on the twin: this machine" : `on AWS account ${environment.account}, ${environment.region}`}`,
  );
  const runDir = join(settings.workDir, options.local ? "twin" : "aws", environment.name);
  const release = options.readOnly
    ? () => {}
    : takeLock(join(runDir, "lock"), environment.name, `${command} ${name}`);
  try {
    if (!options.readOnly) {
      await console.step("Tools", async (step) => {
        const needed = [TERRAFORM, GIT, ...(options.local ? TWIN_TOOLS : [])];
        const [terraform = ""] = await requireTools(needed, step);
        step.result(`node ${process.versions.node}, ${terraform}`);
      });
    }
    const cloud = await console.step(options.local ? "Twin" : "Account", (step) =>
      reachCloud(environment, options, settings, step),
    );
    const folder = join(settings.root, "cdktf.out/stacks", environment.name);
    const stack = new Stack({ folder, environment: cloud.variables, runDir, console });
    return await work({ settings, console, environment, cloud, stack, runDir });
  } finally {
    release();
  }
}

async function reachCloud(
  environment: Environment,
  options: { local: boolean; start: boolean },
  settings: Settings,
  step: Step,
): Promise<Cloud> {
  if (!options.local) {
    const cloud = awsCloud(environment, settings);
    step.result(await checkIdentity(cloud, environment));
    return cloud;
  }
  const status = options.start
    ? await startTwin({
        root: settings.root,
        stateDir: settings.twinDir,
        portBase: settings.twinPort,
        onProgress: (line) => step.update(line),
      }).catch((error: Error) => {
        throw new Failure(error.message);
      })
    : await twinStatus(settings.twinDir);
  if (status === undefined) {
    throw new Failure(
      `${environment.name}: the twin is not running, and what it held ended with it: nothing of it is left (./deploy.sh ${environment.name} --local makes it anew)`,
    );
  }
  step.result(`AWS API at ${status.endpoint}`);
  return twinCloud(environment, settings, status);
}
