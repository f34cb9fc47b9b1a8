import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { filesBelow, readIfThere } from "./files.ts";
import { type Arch, pinnedPart } from "./pinned.ts";

/** Sources and types of packages: a running app reads neither. */
const UNREAD = /^sharp\/(?:src|install)\/|\.d\.[cm]?ts$/;

/** The packages that the app imports and its bundle cannot have in it: esbuild leaves their imports as they are. */
export const NATIVE_PACKAGES = ["sharp"];

/** Packages with machine code. */
export interface Native {
  /** `app/node_modules/` as a part of a release's archive. */
  readonly archivePart: Uint8Array;
  /** What says which they are. */
  readonly manifests: readonly PackageManifest[];
}

/** Of a package.json, what names and licenses a package. */
export interface PackageManifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
}

/**
 * The packages of cli/release/native/, with the shared libraries for the release's processor, as `app/node_modules/`:
 * where Node looks for what the bundle beside it imports.
 * @throws Error if npm cannot fetch them
 */
export async function nativePackages(
  root: string,
  arch: Arch,
  onProgress: (line: string) => void,
): Promise<Native> {
  const archivePart = await pinnedPart({
    root,
    folder: "native",
    arch,
    onProgress,
    title: "sharp",
    pick: async (installed) => {
      const libraries = [`@img/sharp-linux-${arch}`, `@img/sharp-libvips-linux-${arch}`];
      const manifests = libraries.map((name) => readIfThere(join(installed, name, "package.json")));
      if ((await Promise.all(manifests)).includes(undefined)) return undefined;
      const paths = await filesBelow(installed, ".");
      const read = paths.filter((path) => !path.startsWith(".") && !UNREAD.test(path));
      return Promise.all(
        read.map(async (path) => ({
          path: `app/node_modules/${path}`,
          data: await readFile(join(installed, path)),
        })),
      );
    },
  });
  return { archivePart, manifests: await pinnedManifests(root, arch) };
}

/** What of the lock file is for this processor, with the C library of the base systems. */
async function pinnedManifests(root: string, arch: Arch): Promise<PackageManifest[]> {
  const lock = JSON.parse(await readFile(join(root, "cli/release/native/package-lock.json"), "utf8")) as {
    packages: Record<string, LockedPackage>;
  };
  const suits = (wanted: readonly string[] | undefined, one: string) => wanted?.includes(one) ?? true;
  return Object.entries(lock.packages)
    .filter(
      ([path, { os, cpu, libc }]) => path && suits(os, "linux") && suits(cpu, arch) && suits(libc, "glibc"),
    )
    .map(([path, { version, license }]) => ({
      name: path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length),
      version,
      ...(license !== undefined && { license }),
    }));
}

interface LockedPackage {
  readonly version: string;
  readonly license?: string;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
}
