import { basename } from "node:path";
import { type BuildOptions, build } from "esbuild";
import type { ArchiveFile } from "./archive.ts";
import { NATIVE_PACKAGES } from "./native.ts";

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
  const { outputFiles } = await build(optionsFor(root, entryPoint));
  const [file] = outputFiles;
  if (!file) throw new Error(`${entryPoint}: esbuild made no output`);
  return file.contents;
}

/**
 * The same as a module and others beside it: what a program imports while it runs (`await import`) is a module of its
 * own, which takes no memory before.
 */
export async function bundleInParts(root: string, entryPoint: string): Promise<readonly ArchiveFile[]> {
  const { outputFiles } = await build({
    ...optionsFor(root, entryPoint),
    splitting: true,
    outdir: root,
    outExtension: { ".js": ".mjs" },
  });
  return outputFiles.map(({ path, contents }) => ({ path: basename(path), data: contents }));
}

function optionsFor(root: string, entryPoint: string) {
  return {
    absWorkingDir: root,
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
  } satisfies BuildOptions;
}
