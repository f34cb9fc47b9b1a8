import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Environment } from "./environment.ts";

/** An environment and the file it came from. */
export interface LoadedEnvironment {
  /** File name without its ending, for example `dev`. */
  readonly file: string;
  readonly environment: Environment;
}

/**
 * Every environment in `config/environments` and `config/examples` of the project at `root`, sorted by file.
 * @throws what importing a broken file throws
 */
export async function loadEnvironments(root: string): Promise<LoadedEnvironment[]> {
  const files = ["environments", "examples"].flatMap((folder) =>
    namesIn(join(root, "config", folder)).map((file) => ({ folder, file })),
  );
  return Promise.all(
    files.map(async ({ folder, file }) => {
      // The literal parts tell a bundler which files to take in.
      const module: { default: Environment } = await import(`./${folder}/${file}.ts`);
      return { file, environment: module.default };
    }),
  );
}

/** Also `.js`: the same project, compiled beforehand. */
function namesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => /(?<!\.d)\.[jt]s$/.test(file))
    .map((file) => file.replace(/\.[jt]s$/, ""))
    .sort();
}
