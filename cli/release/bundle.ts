import { build } from "esbuild";

/** Node of the release; syntax newer than this is written in older words. */
const TARGET = "node24";

/** CommonJS packages inside an ES module still ask for `require`. */
const REQUIRE =
  'import{createRequire as __createRequire}from"node:module";const require=__createRequire(import.meta.url);';

/**
 * Bundles a program with all it imports into one minified ES module. The bytes depend on the sources and the
 * installed packages only, not on where the folder lies.
 * @param root absolute path of the checkout.
 * @param entryPoint path of the program in it.
 * @throws Error of esbuild, with file and line.
 */
export async function bundle(root: string, entryPoint: string): Promise<Uint8Array> {
  const { outputFiles } = await build({
    absWorkingDir: root,
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
  });
  const [file] = outputFiles;
  if (!file) throw new Error(`${entryPoint}: esbuild made no output`);
  return file.contents;
}
