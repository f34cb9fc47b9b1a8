import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { filesBelow, readIfThere } from "./files.ts";
import { type Arch, pinnedPart } from "./pinned.ts";

/** Sources and types of packages: a running app reads neither. */
const UNREAD = /^sharp\/(?:src|install)\/|\.d\.[cm]?ts$/;

/** The packages that the app imports and its bundle cannot have in it: esbuild leaves their imports as they are. */
export const NATIVE_PACKAGES = ["sharp"];

/**
 * The packages of cli/release/native/, with the shared libraries for the release's processor, as `app/node_modules/`:
 * where Node looks for what the bundle beside it imports.
 * @throws Error if npm cannot fetch them
 */
export function nativePackages(
  root: string,
  arch: Arch,
  onProgress: (line: string) => void,
): Promise<Uint8Array> {
  return pinnedPart({
    root,
    folder: "native",
    arch,
    onProgress,
    title: "sharp",
    pick: async (installed) => {
      const libraries = [`@img/sharp-linux-${arch}`, `@img/sharp-libvips-linux-${arch}`];
      const manifests = libraries.map((name) => readIfThere(join(installed, name, "package.json")));
      if ((await Promise.all(manifests)).includes(undefined)) return undefined;
      const paths = (await filesBelow(installed, ".")).map((path) => path.slice("./".length));
      const read = paths.filter((path) => !path.startsWith(".") && !UNREAD.test(path));
      return Promise.all(
        read.map(async (path) => ({
          path: `app/node_modules/${path}`,
          data: await readFile(join(installed, path)),
        })),
      );
    },
  });
}
