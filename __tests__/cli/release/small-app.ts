import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { pack } from "tar-stream";

/** The least that is an app. */
export const smallApp = {
  "package.json": '{ "name": "small", "version": "1.2.3" }',
  "server.mjs": 'console.log("small");',
  "views/page.html": "<p>small</p>",
};

/** Writes files, by their paths, into a folder. @returns the folder */
export function write(folder: string, files: Readonly<Record<string, string>>): string {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

/** Commits everything in a folder. @returns the commit */
export async function commitAll(folder: string, what = "."): Promise<string> {
  const git = (...args: string[]) =>
    execa("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...args], { cwd: folder });
  await git("init", "-q");
  await git("add", what);
  await git("commit", "-q", "-m", "all");
  return (await git("rev-parse", "HEAD")).stdout;
}

/** A tar of files, and of what else may be in one. */
export function tarOf(
  files: Readonly<Record<string, string>>,
  ...others: readonly { name: string; type: "symlink" | "link"; linkname: string }[]
) {
  const tar = pack();
  for (const other of others) tar.entry(other);
  for (const [name, text] of Object.entries(files)) tar.entry({ name }, text);
  tar.finalize();
  return tar;
}
