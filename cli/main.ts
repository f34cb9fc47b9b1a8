import { Command, CommanderError, Option } from "commander";
import { createConsole } from "./console.ts";
import { environmentNames } from "./environments.ts";
import { Cancelled, Failure } from "./errors.ts";
import { passOnProxy, readSettings } from "./settings.ts";

/** Exit codes of every command: 0 done, 1 failed, 2 wrong usage. */
const WRONG_USAGE = 2;

/** Each command's own module is read when the command is given: the AWS clients take half a second. */
async function run(): Promise<void> {
  const settings = readSettings();
  passOnProxy(settings);
  const tools = { settings, console: createConsole({ color: settings.color }) };
  const names = environmentNames(settings.root).join(", ");
  const program = new Command("webstead")
    .description("A TypeScript web app on AWS virtual machines, or the same on this machine")
    .configureOutput({ writeOut: (text) => process.stderr.write(text) })
    .showHelpAfterError("(--help tells the usage)")
    .exitOverride();

  const onEnvironment = (name: string, description: string) =>
    program
      .command(name)
      .description(description)
      .argument("<environment>", `one of: ${names}`)
      .addOption(new Option("--local", "on the twin: this machine, no AWS account").default(false, "AWS"));
  const yes = (text: string) => new Option("--yes", text).default(false, "ask");
  const baked = () =>
    new Option(
      "--baked",
      "with --local: instances boot an operating system that Packer baked (on AWS they always do)",
    ).default(false, "instances are processes of the release");

  onEnvironment("deploy", "Bring an environment up, or up to date; its URL goes to stdout")
    .addOption(baked())
    .addOption(yes("do not ask before changes are made"))
    .action(async (environment, options) => {
      const { deploy } = await import("./commands/deploy.ts");
      await deploy(environment, options, tools);
    });
  onEnvironment("destroy", "Take an environment away, and prove that nothing of it is left")
    .addOption(yes("do not ask for the environment's name"))
    .action(async (environment, options) => {
      const { destroy } = await import("./commands/destroy.ts");
      await destroy(environment, options, tools);
    });
  onEnvironment("bootstrap", "Make the bucket for the Terraform state (a step of deploy)").action(
    async (environment, options) => {
      const { bootstrap } = await import("./commands/bootstrap.ts");
      await bootstrap(environment, options, tools);
    },
  );
  onEnvironment("bake", "Make the image of the app's release and publish its id (a step of deploy)")
    .addOption(baked())
    .action(async (environment, options) => {
      const { bake } = await import("./commands/bake.ts");
      await bake(environment, options, tools);
    });
  onEnvironment("images", "List an environment's images: age, commit, who uses them").action(
    async (environment, options) => {
      const { images } = await import("./commands/images.ts");
      await images(environment, options, tools);
    },
  );
  onEnvironment("doctor", "Look at what runs, from the image to the answer, and say what is wrong").action(
    async (environment, options) => {
      const { doctor } = await import("./commands/doctor.ts");
      await doctor(environment, options, tools);
    },
  );
  onEnvironment("rollback", "Roll out the image that an environment had before; its URL goes to stdout")
    .argument("[image]", "id of the image; default: the last one before that served")
    .addOption(yes("do not ask before changes are made"))
    .action(async (environment, image, options) => {
      const { rollback } = await import("./commands/rollback.ts");
      await rollback(environment, image, options, tools);
    });
  onEnvironment("promote", "Roll out in a second environment the image that the first one runs")
    .argument("<to>", "the second environment")
    .addOption(yes("do not ask before changes are made"))
    .action(async (from, to, options) => {
      const { promote } = await import("./commands/promote.ts");
      await promote(from, to, options, tools);
    });

  const twin = program.command("twin").description("AWS on this machine: what --local deploys to");
  twin
    .command("start")
    .description("Start the twin, if it does not run")
    .action(async () => (await import("./commands/twin.ts")).twinStart(tools));
  twin
    .command("stop")
    .description("End all of it, and forget what it held")
    .action(async () => (await import("./commands/twin.ts")).twinStop(tools));
  twin
    .command("status")
    .description("What runs, and at which address")
    .option("--json", "for programs", false)
    .action(async (options) => (await import("./commands/twin.ts")).twinState(options, tools));
  twin
    .command("env")
    .description('Variables for a shell, aws, terraform and cdktf: eval "$(npm run -s twin -- env)"')
    .option("--environment <name>", `whose account and region: ${names}`, "dev")
    .action(async (options) => (await import("./commands/twin.ts")).twinEnv(options, tools));
  twin
    .command("logs")
    .description("The log of the twin, or of an instance")
    .argument("[instance]", "an instance id; default: the twin's own log")
    .option("--follow", "go on until Ctrl-C", false)
    .action(async (instance, options) =>
      (await import("./commands/twin.ts")).twinLogs(instance, options, tools),
    );

  await program.parseAsync();
}

// The terminal is gone: nobody to ask or to tell. A Terraform that works goes on, and the next command finds it.
process.once("SIGHUP", () => process.exit(129));

try {
  await run();
} catch (error) {
  process.exitCode = exitCodeOf(error);
}

function exitCodeOf(error: unknown): number {
  // Commander has said what was wrong, or printed the help that was asked for.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : WRONG_USAGE;
  if (error instanceof Error && error.name === "ExitPromptError") {
    console.error("stopped at the question: nothing was changed");
    return 1;
  }
  if (error instanceof Failure) {
    console.error(error instanceof Cancelled ? error.message : `error: ${error.message}`);
    return error.exitCode;
  }
  if (error instanceof Error && "$metadata" in error) {
    console.error(`error: AWS refused: ${error.name}: ${error.message}`);
    return 1;
  }
  console.error("error: this is a fault of the program; please report it with the lines below");
  console.error(error);
  return 1;
}
