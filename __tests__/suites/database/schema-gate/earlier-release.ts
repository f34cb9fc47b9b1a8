import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";

/** A release whose schema is where today's goes on. */
export interface EarlierRelease {
  readonly commit: string;
  /** Names of its migrations. */
  readonly migrations: readonly string[];
}

/** A migration is a file with a number; `all.ts` lists them. */
const MIGRATION = /(?:^|\/)(\d+-[^/]+)\.ts$/;

/** Names of the migrations in a folder of the checkout. */
export function migrationsIn(folder: string): string[] {
  return namesOf(readdirSync(folder));
}

/**
 * The last commit whose migrations are the first of today's, and not all of them.
 * @param today names of the migrations as they stand
 * @returns the release; or in words why there is none to compare with
 */
export async function findEarlierRelease(
  root: string,
  today: readonly string[],
): Promise<EarlierRelease | string> {
  const git = (...args: string[]) => execa("git", args, { cwd: root, reject: false });
  const { exitCode, stdout } = await git("log", "--format=%P", "--", "webapp/migrations");
  if (exitCode !== 0) return "this is no git checkout: there is no earlier release to run";
  for (const commit of ["HEAD", ...stdout.split(/\s+/).filter(Boolean)]) {
    const { stdout: files } = await git("ls-tree", "--name-only", commit, "webapp/migrations/");
    const migrations = namesOf(files.split("\n"));
    const isPrefix = migrations.every((name, index) => name === today[index]);
    if (!isPrefix || migrations.length === 0 || migrations.length === today.length) continue;
    return { commit: (await git("rev-parse", commit)).stdout, migrations };
  }
  const { stdout: isShallow } = await git("rev-parse", "--is-shallow-repository");
  return isShallow === "true"
    ? "this clone is shallow, and the earlier release is not in it: git fetch --unshallow"
    : "no earlier release had a schema";
}

/** Puts the app of a commit, with the packages of that commit, into a folder. @returns the app's folder */
export async function checkOut(root: string, commit: string, folder: string): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const parts = ["webapp", "package.json", "package-lock.json", ".npmrc"];
  await execa("git", ["archive", `--output=${join(folder, "app.tar")}`, commit, ...parts], { cwd: root });
  await execa("tar", ["-xf", "app.tar"], { cwd: folder });
  const flags = ["--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  await execa("npm", ["ci", "--workspace=webapp", ...flags], { cwd: folder });
  return join(folder, "webapp");
}

function namesOf(files: readonly string[]): string[] {
  return files.flatMap((file) => MIGRATION.exec(file)?.[1] ?? []).sort();
}
