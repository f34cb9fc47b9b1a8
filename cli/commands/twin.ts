import { existsSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { startTwin, stopTwin, type TwinStatus, twinEnvironment, twinStatus } from "../../twin/client.ts";
import { terraformVariables } from "../cloud.ts";
import { loadEnvironment } from "../environments.ts";
import { Failure } from "../errors.ts";
import type { Tools } from "../session.ts";
import { requireTools, TWIN_TOOLS } from "../tools.ts";

/** `npm run twin -- start`. */
export async function twinStart({ settings, console }: Tools): Promise<void> {
  const status = await console.step("Twin", async (step) => {
    await requireTools(TWIN_TOOLS, step);
    const started = await startTwin({
      root: settings.root,
      stateDir: settings.twinDir,
      portBase: settings.twinPort,
      onProgress: (line) => step.update(line),
    });
    step.result(`AWS API at ${started.endpoint}`);
    return started;
  });
  process.stdout.write(`${status.endpoint}\n`);
}

/** `npm run twin -- stop`. */
export async function twinStop({ settings, console }: Tools): Promise<void> {
  await console.step("Twin", async (step) => {
    step.update("stopping");
    step.result((await stopTwin(settings.twinDir)) ? "stopped; what it held is gone" : "was not running");
  });
}

/** `npm run twin -- status`: a result, so it goes to stdout. */
export async function twinState(options: { json: boolean }, { settings }: Tools): Promise<void> {
  const status = await runningTwin(settings.twinDir);
  process.stdout.write(options.json ? `${JSON.stringify(status, null, 2)}\n` : describe(status));
}

/** `npm run twin -- env`: `export` lines for a shell. */
export async function twinEnv(options: { environment: string }, { settings }: Tools): Promise<void> {
  const { account, region } = await loadEnvironment(settings.root, options.environment);
  const variables = {
    ...terraformVariables(settings),
    TF_CLI_ARGS_init: "-backend-config=use_path_style=true -reconfigure",
    ...twinEnvironment(await runningTwin(settings.twinDir), account, region),
  };
  const lines = Object.entries(variables).map(
    ([name, value]) => `export ${name}='${value.replaceAll("'", "'\\''")}'\n`,
  );
  process.stdout.write(["unset AWS_PROFILE AWS_DEFAULT_PROFILE AWS_SESSION_TOKEN\n", ...lines].join(""));
}

/** `npm run twin -- logs [instance]`. */
export async function twinLogs(
  instance: string | undefined,
  options: { follow: boolean },
  { settings }: Tools,
): Promise<void> {
  const file = join(settings.twinDir, "log", `${instance ?? "daemon"}.log`);
  if (!existsSync(file)) {
    throw new Failure(`there is no log ${file}: npm run twin -- status names the instances`);
  }
  await execa("tail", [...(options.follow ? ["-n", "100", "-F"] : ["-n", "+1"]), file], {
    stdio: "inherit",
    reject: false,
  });
}

async function runningTwin(stateDir: string): Promise<TwinStatus> {
  const status = await twinStatus(stateDir);
  if (status === undefined) throw new Failure("the twin is not running: npm run twin -- start");
  return status;
}

function describe(status: TwinStatus): string {
  const lines = [
    `twin       process ${status.pid}, since ${status.startedAt}`,
    `AWS API    ${status.endpoint}`,
    ...status.listeners.map(({ url, dnsName, port }) => `listener   ${url} is ${dnsName}:${port}`),
    ...status.instances.map(
      ({ id, state, imageId, port, pid, health }) =>
        `instance   ${id} of ${imageId}: ${state}, ${health ?? "not registered"}, port ${port ?? "-"}, process ${pid ?? "-"}`,
    ),
    ...status.databases.map(
      ({ id, address, port, status }) => `database   ${id}: ${status}, ${address}:${port}`,
    ),
  ];
  return `${lines.join("\n")}\n`;
}
