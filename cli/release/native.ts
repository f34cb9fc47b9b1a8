import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { gunzipSync } from "node:zlib";
import { extract } from "tar-stream";
import type { App } from "./app.ts";
import type { Manifest } from "./bill.ts";
import { filesBelow, readIfThere } from "./files.ts";
import { type Arch, pinnedPart } from "./pinned.ts";

/** Sources and types of packages: a running app reads neither. */
const UNREAD = /^sharp\/(?:src|install)\/|\.d\.[cm]?ts$/;

/** Where they lie in the archive: Node looks there for what the bundle beside it imports. */
const FOLDER = "app/node_modules/";

/** Packages with machine code, which no bundle can have in it. */
export interface Native {
  /** Those that the app imports. */
  readonly names: readonly string[];
  /** They and what they need, as a part of a release's archive. */
  readonly archivePart: Uint8Array;
  /** The package.json of each. */
  readonly manifests: readonly Manifest[];
}

/**
 * Those packages of cli/release/native/ that the app depends on, with the shared libraries for the release's processor.
 * @throws Error if the app depends on another version of one, or npm cannot fetch them
 */
export async function nativePackages(
  root: string,
  { dependencies }: Pick<App, "dependencies">,
  arch: Arch,
  onProgress: (line: string) => void,
): Promise<Native> {
  const manifest = await readFile(join(root, "cli/release/native/package.json"), "utf8");
  const pins = (JSON.parse(manifest) as Manifest).dependencies ?? {};
  const names = Object.keys(pins).filter((name) => dependencies[name] !== undefined);
  for (const name of names) {
    if (dependencies[name] !== pins[name])
      throw new Error(
        `release: the app depends on ${name} ${dependencies[name]}, and cli/release/native/package.json pins ${pins[name]}; name the same version in both`,
      );
  }
  if (names.length === 0) return { names, archivePart: Buffer.alloc(0), manifests: [] };
  const pick = (installed: string) => pickFiles(installed, arch);
  const archivePart = await pinnedPart({ root, folder: "native", arch, onProgress, title: "sharp", pick });
  return { names, archivePart, manifests: await manifestsIn(archivePart) };
}

async function pickFiles(installed: string, arch: Arch) {
  const libraries = [`@img/sharp-linux-${arch}`, `@img/sharp-libvips-linux-${arch}`];
  const manifests = libraries.map((name) => readIfThere(join(installed, name, "package.json")));
  if ((await Promise.all(manifests)).includes(undefined)) return undefined;
  const paths = await filesBelow(installed, ".");
  const read = paths.filter((path) => !path.startsWith(".") && !UNREAD.test(path));
  return Promise.all(
    read.map(async (path) => ({ path: FOLDER + path, data: await readFile(join(installed, path)) })),
  );
}

const PACKAGE = new RegExp(`^${FOLDER}(?:@[^/]+/)?[^/]+/package[.]json$`);

async function manifestsIn(archivePart: Uint8Array): Promise<Manifest[]> {
  const manifests: Manifest[] = [];
  const entries = extract();
  // A part has no end of its own.
  Readable.from([gunzipSync(archivePart), Buffer.alloc(1024)]).pipe(entries);
  for await (const entry of entries) {
    const content = await text(entry);
    if (PACKAGE.test(entry.header.name)) manifests.push(JSON.parse(content));
  }
  return manifests;
}
