import { existsSync } from "node:fs";
import { lstat, mkdir, mkdtemp, readdir, realpath, rename, rm, stat } from "node:fs/promises";
import { join, sep } from "node:path";
import { readManifest } from "../app.ts";
import { installLocked } from "../npm.ts";

/** All packages of an app, in milliseconds. */
const INSTALL_TIMEOUT = 600_000;

/**
 * An app in a folder of its own below .webstead/sources/, with its packages, made once for each name.
 * @param name tells this content from every other
 * @param fill puts the app into an empty folder
 * @throws Error of `fill`; or if a link leads out of the app or to a folder, or its packages cannot be installed
 */
export async function stage(
  root: string,
  name: string,
  fill: (folder: string) => Promise<void>,
  onProgress: (line: string) => void,
): Promise<string> {
  const kept = join(root, ".webstead/sources", name);
  if (existsSync(kept)) return kept;
  await mkdir(join(kept, ".."), { recursive: true });
  const unfinished = await mkdtemp(`${kept}.`);
  try {
    await fill(unfinished);
    await refuseLinks(unfinished);
    await installPackages(unfinished, onProgress);
    // Whoever makes the same at the same time may be first.
    await rename(unfinished, kept).catch((error) => {
      if (!existsSync(kept)) throw error;
    });
    return kept;
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

/** Of a link that leads out, a release would carry a file of this machine; one to a folder may have no end. */
async function refuseLinks(folder: string): Promise<void> {
  const home = (await realpath(folder)) + sep;
  for (const path of await readdir(folder, { recursive: true })) {
    if (!(await lstat(join(folder, path))).isSymbolicLink()) continue;
    const target = await realpath(join(folder, path)).catch(() => "");
    if (!target.startsWith(home) || !(await stat(target)).isFile()) {
      throw new Error(`${path} is a link that leads out of the app or to a folder; put files in its place`);
    }
  }
}

/** Without what only its developers need, and without running any script. */
async function installPackages(folder: string, onProgress: (line: string) => void): Promise<void> {
  if (!existsSync(join(folder, "package-lock.json"))) {
    if (Object.keys((await readManifest(folder)).dependencies).length === 0) return;
    throw new Error(
      "dependencies but no package-lock.json; run npm install in its folder, and keep the file",
    );
  }
  onProgress("installing the app's packages");
  const { failed, reason } = await installLocked(folder, ["--omit=dev"], INSTALL_TIMEOUT);
  if (!failed) return;
  throw new Error(`npm ci of the app's packages failed:\n${reason}`);
}
