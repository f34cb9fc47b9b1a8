import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { build, type Metafile } from "esbuild";
import type { ArchiveFile } from "./archive.ts";

/** Node of the release; syntax newer than this is written in older words. */
const TARGET = "node24";

/** CommonJS packages inside an ES module still ask for `require`. */
const REQUIRE =
  'import{createRequire as __createRequire}from"node:module";const require=__createRequire(import.meta.url);';

/** A program in one file, and others beside it for what it imports while it runs. */
export interface Bundle {
  /** The program itself. */
  readonly data: Uint8Array;
  /** What it imports by `await import`: modules of their own, which take no memory before. By names that never meet. */
  readonly parts: readonly ArchiveFile[];
  /** The absolute path of each file that it was made of, with those of the files that it imports. */
  readonly files: ReadonlyMap<string, readonly string[]>;
  /** Those of which something is left in it. */
  readonly included: ReadonlySet<string>;
}

/**
 * Bundles a program with all it imports into minified ES modules. The bytes depend on the sources and the
 * installed packages only, not on where the folder lies.
 * @param folder absolute path of the folder that the program belongs to.
 * @param entryPoint path of the program in it.
 * @param external packages that are not bundled, but carried beside it.
 * @throws Error of esbuild, with file and line.
 */
export async function bundle(
  folder: string,
  entryPoint: string,
  external: readonly string[] = [],
): Promise<Bundle> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: folder,
    entryPoints: [entryPoint],
    bundle: true,
    splitting: true,
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    external: [...external],
    // The names of parts depend on where esbuild found what is in them: below the folder, wherever a link leads.
    preserveSymlinks: true,
    format: "esm",
    platform: "node",
    target: TARGET,
    minifyWhitespace: true,
    minifySyntax: true,
    // Names of functions and classes are what a stack trace has to tell. Short names with the long ones set at run time
    // (`keepNames`) would do that for each closure of each request.
    minifyIdentifiers: false,
    // The ES modules of the AWS SDK can be shaken, its CommonJS cannot.
    mainFields: ["module", "main"],
    banner: { js: REQUIRE },
    legalComments: "none",
    logLevel: "silent",
    write: false,
    metafile: true,
    // That of a folder above is about other code.
    ...(!existsSync(join(folder, "tsconfig.json")) && { tsconfigRaw: "{}" }),
  });
  const main = Object.keys(metafile.outputs).find(
    (path) => metafile.outputs[path]?.entryPoint === entryPoint,
  );
  if (main === undefined) throw new Error(`${entryPoint}: esbuild made no output`);
  const reached = reachedFrom(main, metafile);
  const contents = new Map(outputFiles.map((file) => [file.path, file.contents]));
  const dataOf = (path: string) => contents.get(join(folder, path)) ?? new Uint8Array();
  const included = reached
    .flatMap((path) => Object.entries(metafile.outputs[path]?.inputs ?? {}))
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0);
  const at = (path: string) => join(folder, path);
  return {
    data: dataOf(main),
    parts: reached
      .filter((path) => path !== main)
      .map((path) => ({ path: basename(path), data: dataOf(path) })),
    included: new Set(included.map(([path]) => at(path))),
    files: new Map(
      Object.entries(metafile.inputs).map(([path, { imports }]) => [
        at(path),
        imports.filter(({ external }) => !external).map((imported) => at(imported.path)),
      ]),
    ),
  };
}

/** A module and those that it leads to: esbuild also writes what only code that it left out would import. */
function reachedFrom(main: string, { outputs }: Metafile): string[] {
  const reached = new Set([main]);
  for (const path of reached) {
    for (const { path: next, external } of outputs[path]?.imports ?? []) if (!external) reached.add(next);
  }
  return [...reached];
}
