/**
 * The app command of cdktf.json, and the synth step of a deploy: config in, `cdktf.out/stacks/<name>/cdk.tf.json`
 * out. Bundles main.ts first: loading one file costs a fraction of loading the hundreds that cdktf and its
 * bindings are made of.
 */
import { copyFileSync, mkdirSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { createRequire, enableCompileCache } from "node:module";
import { join, resolve } from "node:path";
import { buildSync } from "esbuild";

/**
 * Bundles the project at `root` and writes the bundle below `<root>/dist`.
 * @returns the path of the bundle, a CommonJS script to be run in `root`
 * @throws Error of esbuild, which has printed what does not parse or resolve
 */
export function bundle(root: string): string {
  const { outputFiles } = buildSync({
    absWorkingDir: root,
    entryPoints: ["main.ts"],
    outfile: "dist/synth/main.cjs",
    bundle: true,
    write: false,
    platform: "node",
    target: "node20",
    format: "cjs",
    legalComments: "none",
    logLevel: "error",
    // cdktf loads a whole ZIP library at start that only its assets use.
    alias: { archiver: "./cli/lazy-archiver.cjs" },
  });
  const path = join(root, "dist/synth/main.cjs");
  mkdirSync(join(root, "dist/synth"), { recursive: true });
  // Two synths at once must not read each other's half-written file.
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, outputFiles[0]?.contents ?? "");
  renameSync(draft, path);
  return path;
}

/** Synthesizes the project at `root`; its problems go to stderr, with exit code 1. */
function main(root: string): void {
  process.chdir(root);
  const path = bundleOrExplain(root);
  if (path === undefined) {
    process.exitCode = 1;
    return;
  }
  // The bundle's work is asynchronous: what it has written is there when the process ends.
  process.once("exit", (code) => code === 0 && lockProviders(root));
  enableCompileCache(join(root, "dist/synth/cache"));
  createRequire(import.meta.url)(path);
}

/** Gives each stack the provider checksums that the repository keeps, for whichever Terraform comes next. */
function lockProviders(root: string): void {
  // biome-ignore lint/style/noProcessEnv: cdktf's own way to tell its app where to write
  const stacks = resolve(root, process.env.CDKTF_OUTDIR ?? "cdktf.out", "stacks");
  for (const stack of readdirSync(stacks)) {
    copyFileSync(join(root, ".terraform.lock.hcl"), join(stacks, stack, ".terraform.lock.hcl"));
  }
}

/** The bundler has shown file, line and reason: a stack trace would only push them off the screen. */
function bundleOrExplain(root: string): string | undefined {
  try {
    return bundle(root);
  } catch (error) {
    if (error instanceof Error && "errors" in error) return undefined;
    throw error;
  }
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === import.meta.filename) {
  main(resolve(import.meta.dirname, ".."));
}
