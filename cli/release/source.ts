import { join } from "node:path";
import { execa } from "execa";
import { compressor, sha256 } from "./archive.ts";
import { filesBelow, readIfThere } from "./files.ts";

/** What a release contains or is made by: each file of these counts for its bytes. */
const FOLDERS = ["webapp/src", "webapp/migrations", "webapp/views", "webapp/assets", "cli/release"];

/** The packages the bundle is made of, as they are installed, and the app's name and version. */
const FILES = ["node_modules/.package-lock.json", "webapp/package.json", "webapp/openapi.json"];

/**
 * The last commit that touched webapp/, with "-dirty" behind it if webapp/ differs from it; "unversioned" outside a
 * repository with such a commit.
 */
export async function webappCommit(root: string): Promise<string> {
  const git = (...args: string[]) => execa("git", args, { cwd: root, reject: false, stderr: "ignore" });
  const [log, status] = await Promise.all([
    git("log", "-1", "--format=%H", "--", "webapp"),
    git("status", "--porcelain", "--", "webapp"),
  ]);
  if (log.exitCode !== 0 || !log.stdout) return "unversioned";
  return status.stdout === "" ? log.stdout : `${log.stdout}-dirty`;
}

/** A digest over everything that decides a release's bytes: equal keys, equal releases. */
export async function contentKey(root: string, ...facts: readonly string[]): Promise<string> {
  const listed = await Promise.all(FOLDERS.map((folder) => filesBelow(root, folder)));
  const digests = await Promise.all(
    [...listed.flat(), ...FILES].map(async (path) => {
      const data = await readIfThere(join(root, path));
      return `${path} ${data ? sha256(data) : "absent"}\n`;
    }),
  );
  return sha256(...digests, await compressor(), ...facts.map((fact) => `\n${fact}`));
}
