import { existsSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Environment } from "../config/environment.ts";
import { validate, validateName } from "../config/validate.ts";
import { UsageError } from "./errors.ts";

/**
 * The environment of a name: a file in config/environments/, or `examples/<name>` for one in config/examples/.
 * @throws UsageError when there is none, or with all the problems that it has
 */
export async function loadEnvironment(root: string, name: string): Promise<Environment> {
  const file = environmentFile(root, name);
  let environment: Environment;
  try {
    environment = (await import(pathToFileURL(file).href)).default;
  } catch (error) {
    throw new UsageError(`${name}: ${file} cannot be read: ${(error as Error).message}`);
  }
  if (environment === undefined) {
    throw new UsageError(`${name}: ${file} has no default export; export the environment as default`);
  }
  const problems = [...validateName(basename(name), environment), ...validate(environment)];
  if (problems.length > 0) throw new UsageError(problems.map((problem) => problem.message).join("\n"));
  return environment;
}

/** The names that can be deployed. */
export function environmentNames(root: string): string[] {
  return [
    ...namesIn(join(root, "config/environments")),
    ...namesIn(join(root, "config/examples")).map((name) => `examples/${name}`),
  ];
}

function environmentFile(root: string, name: string): string {
  const names = environmentNames(root);
  if (!names.includes(name)) {
    throw new UsageError(
      `unknown environment "${name}": there are ${names.join(", ")}; to make it, copy config/environments/dev.ts to config/environments/${name}.ts`,
    );
  }
  const folder = name.startsWith("examples/") ? "config" : "config/environments";
  return join(root, folder, `${name}.ts`);
}

function namesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith(".ts"))
    .map((file) => file.slice(0, -".ts".length))
    .sort();
}
