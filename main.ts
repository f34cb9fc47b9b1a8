import { App } from "cdktf";
import { loadEnvironments } from "./config/load.ts";
import { validate, validateName } from "./config/validate.ts";
import { WebAppStack } from "./constructs/web-app-stack.ts";

/** Environments in, one stack each out; nothing else. Runs in the project's root. */
async function main(): Promise<void> {
  const loaded = await loadEnvironments(process.cwd());
  const problems = loaded.flatMap(({ file, environment }) => [
    ...validateName(file, environment),
    ...validate(environment),
  ]);
  if (problems.length > 0) {
    for (const { message } of problems) console.error(message);
    process.exitCode = 1;
    return;
  }
  // cdktf's own validation asks an installed Terraform for its version; each stack requires one by itself.
  const app = new App({ stackTraces: false, skipValidation: true });
  for (const { environment } of loaded) new WebAppStack(app, environment.name, environment);
  app.synth();
}

void main();
