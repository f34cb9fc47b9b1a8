import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { AppSourceSettings } from "../../config/settings/app.ts";
import type { App } from "./app.ts";
import { type ArchiveFile, archivePart, sha256 } from "./archive.ts";
import { rdsAuthorities } from "./authorities.ts";
import { billOfMaterials } from "./bill.ts";
import { bundle } from "./bundle.ts";
import { readIfThere, writeWhole } from "./files.ts";
import { type Native, nativePackages } from "./native.ts";
import { packagesIn, refuseForeign } from "./packages.ts";
import type { Arch } from "./pinned.ts";
import { pinnedRuntime, type Runtime } from "./runtime.ts";
import { contentKey } from "./source/content.ts";
import { provideApp } from "./source/provide.ts";

/** What to build, and from where. */
export interface ReleaseOptions {
  /** Absolute path of the checkout. */
  readonly root: string;
  /** Where the app lies. Default: the folder webapp. */
  readonly source?: AppSourceSettings | undefined;
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
  /** What it was built of: see `Provided` in source/provide.ts. */
  readonly commit: string;
  /** Version of the app. */
  readonly version: string;
}

/**
 * Builds the release of an app: the same sources, packages and commit give the same bytes. What was built before is
 * taken from .webstead/.
 * @throws Error if the app cannot be had, the pinned Node cannot be fetched, or the app does not bundle.
 */
export async function buildRelease(options: ReleaseOptions): Promise<Release> {
  const { root, source, arch = "x64", onProgress = () => {} } = options;
  const { app, commit } = await provideApp(root, source, onProgress);
  const { name, version } = app;
  const key = await contentKey(root, app.folder, arch, commit);
  const index = join(root, ".webstead/releases", `${key}.key`);

  let archive = await builtBefore(root, index);
  if (!archive) {
    const runtime = await pinnedRuntime(root, arch, onProgress);
    const native = await nativePackages(root, app, arch, onProgress);
    onProgress("bundling the app");
    archive = await assemble(
      root,
      app,
      { runtime, native },
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

/** What a release carries beside the app. */
export interface Carried {
  readonly runtime: Runtime;
  readonly native: Native;
}

/** Puts a release together from the given app and what is carried beside it. */
export async function assemble(
  root: string,
  app: App,
  { runtime, native }: Carried,
  description: object,
): Promise<Buffer> {
  const programs = Object.entries(app.programs);
  const [boot, bundles, carried] = await Promise.all([
    bundle(root, "cli/release/boot/main.ts"),
    Promise.all(programs.map(([, path]) => bundle(app.folder, path, native.names))),
    Promise.all(app.files.map(async (path) => ({ path, data: await readFile(join(app.folder, path)) }))),
  ]);
  refuseForeign(app, bundles);
  const packages = packagesIn(app, bundles);
  // Two programs may share a part: one name, one content.
  const shared = new Map(
    bundles.flatMap(({ parts }) => parts.map(({ path, data }) => [path, { path: `app/${path}`, data }])),
  );
  const text = (path: string, content: string): ArchiveFile => ({ path, data: Buffer.from(content) });
  const files = [
    ...bundles.map(({ data }, index) => ({ path: `app/${programs[index]?.[0]}.mjs`, data })),
    ...shared.values(),
    { path: "boot.mjs", data: boot.data },
    text("rds-ca.pem", rdsAuthorities(root)),
    text("release.json", `${JSON.stringify(description, null, 2)}\n`),
    text(
      "sbom.cdx.json",
      await billOfMaterials({ app, packages, native: native.manifests, node: runtime.version }),
    ),
    ...carried,
  ];
  return Buffer.concat([runtime.archivePart, native.archivePart, await archivePart(files, { last: true })]);
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
