import { existsSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";

/** Node of the release; syntax newer than this is written in older words. */
const TARGET = "node24";

/** CommonJS packages inside an ES module still ask for `require`. */
const REQUIRE =
  'import{createRequire as __createRequire}from"node:module";const require=__createRequire(import.meta.url);';

/** A program in one file. */
export interface Bundle {
  readonly data: Uint8Array;
  /** The absolute path of each file that it was made of, with those of the files that it imports. */
  readonly files: ReadonlyMap<string, readonly string[]>;
  /** Those of which something is left in it. */
  readonly included: ReadonlySet<string>;
}

/**
 * Bundles a program with all it imports into one minified ES module. The bytes depend on the sources and the
 * installed packages only, not on where the folder lies.
 * @param folder absolute path of the folder that the program belongs to.
 * @param entryPoint path of the program in it.
 * @throws Error of esbuild, with file and line.
 */
export async function bundle(folder: string, entryPoint: string): Promise<Bundle> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: folder,
    entryPoints: [entryPoint],
    bundle: true,
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
  });
  const [file] = outputFiles;
  const [output] = Object.values(metafile.outputs);
  if (!file || !output) throw new Error(`${entryPoint}: esbuild made no output`);
  const included = Object.entries(output.inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
  const at = (path: string) => join(folder, path);
  return {
    data: file.contents,
    included: new Set(included.map(([path]) => at(path))),
    files: new Map(
      Object.entries(metafile.inputs).map(([path, { imports }]) => [
        at(path),
        imports.filter(({ external }) => !external).map((imported) => at(imported.path)),
      ]),
    ),
  };
}
