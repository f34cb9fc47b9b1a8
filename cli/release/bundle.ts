import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { type BuildOptions, build } from "esbuild";
import type { ArchiveFile } from "./archive.ts";
import { NATIVE_PACKAGES } from "./native.ts";

/** Node of the release; syntax newer than this is written in older words. */
const TARGET = "node24";

/** CommonJS packages inside an ES module still ask for `require`. */
const REQUIRE =
  'import{createRequire as __createRequire}from"node:module";const require=__createRequire(import.meta.url);';

/** A program, bundled. */
export interface Bundle {
  /** The program, and the modules beside it that it imports while it runs. */
  readonly modules: readonly ArchiveFile[];
  /** The absolute path of each file that it was made of, with those of the files that it imports. */
  readonly files: ReadonlyMap<string, readonly string[]>;
  /** Those of which something is left in it. */
  readonly included: ReadonlySet<string>;
  /** The packages with machine code that it imports, which are not in it. */
  readonly native: ReadonlySet<string>;
}

/**
 * Bundles a program with all it imports into one minified ES module. The bytes depend on the sources and the
 * installed packages only, not on where the folder lies.
 * @param folder absolute path of the folder that the program belongs to.
 * @param entryPoint path of the program in it.
 * @param options.inParts what it imports while it runs (`await import`) is a module of its own, which takes no memory
 *   before. Default false.
 * @throws Error of esbuild, with file and line.
 */
export async function bundle(folder: string, entryPoint: string, { inParts = false } = {}): Promise<Bundle> {
  const { outputFiles, metafile } = await build({
    ...optionsFor(folder, entryPoint),
    splitting: inParts,
    outdir: folder,
    outExtension: { ".js": ".mjs" },
  });
  if (outputFiles.length === 0) throw new Error(`${entryPoint}: esbuild made no output`);
  const outputs = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.entries(inputs));
  const included = outputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0);
  const inputs = Object.entries(metafile.inputs);
  const at = (path: string) => join(folder, path);
  return {
    modules: outputFiles.map(({ path, contents }) => ({ path: basename(path), data: contents })),
    included: new Set(included.map(([path]) => at(path))),
    files: new Map(
      inputs.map(([path, { imports }]) => [
        at(path),
        imports.filter(({ external }) => !external).map((imported) => at(imported.path)),
      ]),
    ),
    native: new Set(
      inputs
        .flatMap(([, { imports }]) => imports.map(({ path }) => path))
        .filter((path) => NATIVE_PACKAGES.includes(path)),
    ),
  };
}

function optionsFor(folder: string, entryPoint: string) {
  return {
    absWorkingDir: folder,
    entryPoints: [entryPoint],
    bundle: true,
    external: NATIVE_PACKAGES,
    // The names of parts depend on where esbuild found what is in them: in the checkout, wherever a link leads.
    preserveSymlinks: true,
    format: "esm",
    platform: "node",
    target: TARGET,
    minify: true,
    // Class and function names are what a minified stack trace has to tell.
    keepNames: true,
    // The ES modules of the AWS SDK can be shaken, its CommonJS cannot.
    mainFields: ["module", "main"],
    banner: { js: REQUIRE },
    legalComments: "none",
    logLevel: "silent",
    write: false,
    metafile: true,
    // That of a folder above is about other code.
    ...(!existsSync(join(folder, "tsconfig.json")) && { tsconfigRaw: "{}" }),
  } satisfies BuildOptions;
}
