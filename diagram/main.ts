/** `npm run diagram -- <environment>`: the architecture of an environment, drawn from its synthesized JSON, as SVG on stdout. */
import { Testing } from "cdktf";
import { environmentNames, loadEnvironment } from "../cli/environments.ts";
import { UsageError } from "../cli/errors.ts";
import { readSettings } from "../cli/settings.ts";
import { WebAppStack } from "../constructs/web-app-stack.ts";
import { StackJson } from "../proofs/stack-json.ts";
import { describe } from "./describe.ts";
import { draw } from "./draw.ts";

const { root } = readSettings();
const [name, ...more] = process.argv.slice(2);

if (name === undefined || more.length > 0) {
  console.error(
    `usage: npm run diagram -- <environment> > picture.svg\nthere are ${environmentNames(root).join(", ")}`,
  );
  process.exitCode = 2;
} else {
  try {
    const environment = await loadEnvironment(root, name);
    const json = JSON.parse(Testing.synth(new WebAppStack(Testing.app(), environment.name, environment)));
    process.stdout.write(await draw(describe(new StackJson(json))));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`error: ${error.message}`);
    process.exitCode = 2;
  }
}
