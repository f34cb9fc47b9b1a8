import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { type ArchiveFile, archivePart, sha256 } from "./archive.ts";
import { rdsAuthorities } from "./authorities.ts";
import { bundle, bundleInParts } from "./bundle.ts";
import { filesBelow, readIfThere, writeWhole } from "./files.ts";
import { nativePackages } from "./native.ts";
import type { Arch } from "./pinned.ts";
import { pinnedRuntime, type Runtime } from "./runtime.ts";
import { contentKey, webappCommit } from "./source.ts";

/** What to build, and from where. */
export interface ReleaseOptions {
  /** Absolute path of the checkout. */
  readonly root: string;
  /** Where to put the archive. Default `.webstead/releases/<sha256>.tar.gz` in the checkout. */
  readonly outFile?: string;
  /** Processor of the instances. Default x64. */
  readonly arch?: Arch;
  /** Called with one line whenever something slow begins. */
  readonly onProgress?: (line: string) => void;
}

/** A release: one archive with everything the app needs to run. */
export interface Release {
  /** Absolute path of the archive. */
  readonly path: string;
  /** Digest of the archive; a release is known by it. */
  readonly sha256: string;
  /** Last commit that touched webapp/, "-dirty" behind it if webapp/ differs from it. */
  readonly commit: string;
  /** Version of the app. */
  readonly version: string;
}

/**
 * Builds the release of webapp/: the same sources, packages and commit give the same bytes. What was built before is
 * taken from .webstead/.
 * @throws Error if the pinned Node cannot be fetched or the app does not bundle.
 */
export async function buildRelease(options: ReleaseOptions): Promise<Release> {
  const { root, arch = "x64", onProgress = () => {} } = options;
  const commit = await webappCommit(root);
  const { name, version } = await webappManifest(root);
  const key = await contentKey(root, arch, commit);
  const index = join(root, ".webstead/releases", `${key}.key`);

  let archive = await builtBefore(root, index);
  if (!archive) {
    const runtime = await pinnedRuntime(root, arch, onProgress);
    const native = await nativePackages(root, arch, onProgress);
    onProgress("bundling the app");
    archive = await assemble(
      root,
      { ...runtime, native },
      { name, version, commit, node: runtime.version, arch },
    );
  }
  const digest = sha256(archive);
  const kept = releaseFile(root, digest);
  await writeWhole(index, digest);
  const path = options.outFile ?? kept;
  for (const file of new Set([kept, path])) {
    if ((await readIfThere(file))?.equals(archive) !== true) await writeWhole(file, archive);
  }
  return { path, sha256: digest, commit, version };
}

/** What a release carries of other people's work, as parts of its archive. */
export interface Carried extends Runtime {
  /** Packages with machine code. */
  readonly native: Uint8Array;
}

/** Puts a release together from what it carries. */
export async function assemble(root: string, carried: Carried, description: object): Promise<Buffer> {
  const [server, secretReader, resizer, boot, views, assets] = await Promise.all([
    bundleInParts(root, "webapp/src/server.ts"),
    bundle(root, "webapp/src/database/secret-reader.ts"),
    bundle(root, "webapp/src/photos/resizer.ts"),
    bundle(root, "cli/release/boot/main.ts"),
    appFiles(root, "views"),
    appFiles(root, "assets"),
  ]);
  const text = (path: string, content: string): ArchiveFile => ({ path, data: Buffer.from(content) });
  const files = [
    { path: "app/secret-reader.mjs", data: secretReader },
    { path: "app/resizer.mjs", data: resizer },
    ...server.map(({ path, data }) => ({ path: `app/${path}`, data })),
    { path: "boot.mjs", data: boot },
    { path: "openapi.json", data: await readFile(join(root, "webapp/openapi.json")) },
    text("rds-ca.pem", rdsAuthorities(root)),
    text("release.json", `${JSON.stringify(description, null, 2)}\n`),
    ...views,
    ...assets,
  ];
  return Buffer.concat([carried.archivePart, carried.native, await archivePart(files, { last: true })]);
}

/** Files that the app reads while it runs, as they are. */
async function appFiles(root: string, folder: "views" | "assets"): Promise<ArchiveFile[]> {
  const paths = await filesBelow(root, `webapp/${folder}`);
  return Promise.all(
    paths.map(async (path) => ({
      path: path.slice("webapp/".length),
      data: await readFile(join(root, path)),
    })),
  );
}

async function webappManifest(root: string): Promise<{ name: string; version: string }> {
  const { name, version } = JSON.parse(await readFile(join(root, "webapp/package.json"), "utf8"));
  return { name, version };
}

/** The archive of an earlier build with this key, if it is there and whole. */
async function builtBefore(root: string, index: string): Promise<Buffer | undefined> {
  const digest = (await readIfThere(index))?.toString();
  const archive = digest && (await readIfThere(releaseFile(root, digest)));
  return archive && sha256(archive) === digest ? archive : undefined;
}

function releaseFile(root: string, digest: string): string {
  return join(root, ".webstead/releases", `${basename(digest)}.tar.gz`);
}
