import { join } from "node:path";
import { execa } from "execa";
import { compressor, sha256 } from "../archive.ts";
import { filesBelow, readIfThere } from "../files.ts";

/** What of an app's folder never gets into a release. */
const BESIDE = /^(test\/|[^/]*\.md$)/;

/**
 * The last commit that touched the folder, with "-dirty" behind it if the folder differs from it; "unversioned" outside
 * a repository with such a commit.
 */
export async function folderCommit(folder: string): Promise<string> {
  const git = (...args: string[]) => execa("git", args, { cwd: folder, reject: false, stderr: "ignore" });
  const [log, status] = await Promise.all([
    git("log", "-1", "--format=%H", "--", "."),
    git("status", "--porcelain", "--", "."),
  ]);
  if (log.exitCode !== 0 || !log.stdout) return "unversioned";
  return status.stdout === "" ? log.stdout : `${log.stdout}-dirty`;
}

/** A digest over every file below a folder but its installed packages. */
export async function folderDigest(folder: string): Promise<string> {
  return sha256(...(await digestLines(folder, await filesBelow(folder, "."))));
}

/**
 * A digest over everything that decides a release's bytes: the app, the packages as they are installed, and what builds
 * it. Equal keys, equal releases.
 */
export async function contentKey(root: string, folder: string, ...facts: readonly string[]): Promise<string> {
  const files = (await filesBelow(folder, ".")).filter((path) => !BESIDE.test(path));
  const installed = ["node_modules/.package-lock.json"];
  const lines = await Promise.all([
    digestLines(folder, [...files, ...installed]),
    digestLines(root, [...(await filesBelow(root, "cli/release")), ...installed]),
  ]);
  return sha256(...lines.flat(), await compressor(), ...facts.map((fact) => `\n${fact}`));
}

function digestLines(root: string, paths: readonly string[]): Promise<string[]> {
  return Promise.all(
    paths.map(async (path) => {
      const data = await readIfThere(join(root, path));
      return `${path} ${data ? sha256(data) : "absent"}\n`;
    }),
  );
}
