import { existsSync } from "node:fs";
import { cp, readFile } from "node:fs/promises";
import { basename, join, relative, resolve } from "node:path";
import type { AppSourceSettings, GitSource, TarballSource } from "../../../config/settings/app.ts";
import { type App, describeApp } from "../app.ts";
import { folderCommit, folderDigest } from "./content.ts";
import { fetchCommit } from "./git.ts";
import { stage } from "./stage.ts";
import { readTarball, unpack } from "./tarball.ts";

/** Where the app lies unless an environment says otherwise. */
const WEBAPP: AppSourceSettings = { folder: "webapp" };

/** An app, and what its image is tagged with. */
export interface Provided {
  readonly app: App;
  /** The commit of a git source; of a tarball the first 40 digits of its digest; of a folder see `folderCommit`. */
  readonly commit: string;
}

/**
 * Brings the app to where it can be built. A workspace of this checkout is built where it is; any other app is put into
 * .webstead/sources/ with packages of its own, so that nobody's folder is written to and no package comes from here.
 * @param source default: the folder `webapp`
 * @throws Error that says which source it is and what is wrong with it, or what it lacks
 */
export async function provideApp(
  root: string,
  source: AppSourceSettings = WEBAPP,
  onProgress: (line: string) => void = () => {},
): Promise<Provided> {
  const [place, pin] = Object.values(source);
  try {
    if ("folder" in source) return await provideFolder(root, resolve(root, source.folder), onProgress);
    if ("git" in source) return await provideCommit(root, source, onProgress);
    return await provideTarball(root, source, onProgress);
  } catch (error) {
    throw new Error(`the app in ${place}${pin ? ` (${pin})` : ""}: ${(error as Error).message}`);
  }
}

async function provideCommit(
  root: string,
  { git, commit }: GitSource,
  onProgress: (line: string) => void,
): Promise<Provided> {
  const repository = git.startsWith(".") ? resolve(root, git) : git;
  const fill = (folder: string) => {
    onProgress(`fetching commit ${commit.slice(0, 12)} from ${git}`);
    return fetchCommit(repository, commit, folder);
  };
  return { app: await selfContained(await stage(root, `git-${commit}`, fill, onProgress)), commit };
}

async function provideTarball(
  root: string,
  { tarball, sha256: digest }: TarballSource,
  onProgress: (line: string) => void,
): Promise<Provided> {
  const place = tarball.startsWith("https://") ? tarball : resolve(root, tarball);
  const fill = async (folder: string) => {
    onProgress(`reading ${tarball}`);
    await unpack(await readTarball(place, digest), folder);
  };
  const folder = await stage(root, `tarball-${digest}`, fill, onProgress);
  return { app: await selfContained(folder), commit: digest.slice(0, 40) };
}

async function provideFolder(
  root: string,
  folder: string,
  onProgress: (line: string) => void,
): Promise<Provided> {
  if (!existsSync(folder)) throw new Error(`there is no folder ${folder}; see app.source`);
  const commit = await folderCommit(folder);
  if (await isWorkspace(root, folder)) {
    return { app: await describeApp(folder, { isSelfContained: false }), commit };
  }
  const copy = (into: string) =>
    cp(folder, into, {
      recursive: true,
      verbatimSymlinks: true,
      filter: (path) => path === folder || !["node_modules", ".git"].includes(basename(path)),
    });
  const staged = await stage(root, `folder-${await folderDigest(folder)}`, copy, onProgress);
  return { app: await selfContained(staged), commit };
}

function selfContained(folder: string): Promise<App> {
  return describeApp(folder, { isSelfContained: true });
}

/** Whether the packages of this folder are those that this checkout has installed. */
async function isWorkspace(root: string, folder: string): Promise<boolean> {
  const { workspaces = [] } = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as {
    workspaces?: readonly string[];
  };
  return workspaces.includes(relative(root, folder));
}
