import { execFileSync } from "node:child_process";
import { cpSync, globSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "./cpu-seconds.ts";

const root = join(import.meta.dirname, "..");
const sources = ["main.ts", "config", "constructs"];

/** The app command of cdktf.json: bundles the sources and runs the bundle. */
export function appCommand(): Command {
  const { app } = JSON.parse(readFileSync(join(root, "cdktf.json"), "utf8"));
  const [program = "", ...others] = String(app).split(" ");
  return { program: join(root, program), arguments: others, folder: root };
}

/** The app command where `dev` is the only environment. */
export function devAlone(): Command {
  const folder = copyOfSources("dev-alone", [...sources, "cli", ".terraform.lock.hcl"]);
  for (const path of ["config/examples", "config/environments/prod.ts"]) {
    rmSync(join(folder, path), { recursive: true });
  }
  return { program: process.execPath, arguments: ["cli/synth.ts"], folder };
}

/** The bundle as the app command left it, with the compile cache that the app command runs it with. */
export function bundleAlone(): Command {
  const cache = `NODE_COMPILE_CACHE=${join(root, "dist/synth/cache")}`;
  return { program: "env", arguments: [cache, process.execPath, "dist/synth/main.cjs"], folder: root };
}

/**
 * The flow that `cdktf init` sets up, on the same sources: ts-node, CommonJS, its compiler options. Started
 * without npx, which would only add to it.
 */
export function defaultFlow(tsNode: string, typescript: string): Command {
  const folder = copyOfSources("default-flow");
  for (const file of globSync(["main.ts", "{config,constructs}/**/*.ts"], { cwd: folder })) {
    const path = join(folder, file);
    // As one writes relative imports in CommonJS.
    writeFileSync(path, readFileSync(path, "utf8").replace(/(from "\.[^"]*)\.ts"/g, '$1"'));
  }
  write(folder, "package.json", { type: "commonjs" });
  // ts-node takes the compiler it finds from here, which at the root is one without the interface it needs.
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(typescript, join(folder, "node_modules/typescript"));
  write(folder, "tsconfig.json", {
    compilerOptions: { ...strict, module: "CommonJS", inlineSourceMap: true, inlineSources: true },
  });
  return { program: process.execPath, arguments: [join(tsNode, "dist/bin.js"), "main.ts"], folder };
}

/** The same sources compiled beforehand to plain JavaScript modules, one file each. */
export function compiled(typescript: string): Command {
  const folder = copyOfSources("compiled");
  write(folder, "package.json", { type: "module" });
  write(folder, "tsconfig.json", {
    compilerOptions: {
      ...strict,
      module: "ESNext",
      moduleResolution: "bundler",
      rewriteRelativeImportExtensions: true,
      outDir: "out",
    },
    files: ["main.ts"],
    include: ["config/environments/*.ts", "config/examples/*.ts"],
  });
  execFileSync(process.execPath, [join(typescript, "lib/tsc.js"), "-p", folder], { stdio: "inherit" });
  write(join(folder, "out"), "package.json", { type: "module" });
  return { program: process.execPath, arguments: ["main.js"], folder: join(folder, "out") };
}

/** What a flow wrote for Terraform, by path. */
export function stacksOf({ folder }: Command): Record<string, string> {
  const output = join(folder, "cdktf.out");
  const paths = globSync("stacks/*/cdk.tf.json", { cwd: output }).sort();
  return Object.fromEntries(paths.map((path) => [path, readFileSync(join(output, path), "utf8")]));
}

const strict = {
  lib: ["es2023"],
  target: "es2022",
  strict: true,
  noFallthroughCasesInSwitch: true,
  noUnusedLocals: true,
  skipLibCheck: true,
  types: ["node"],
};

/** Below the root, so that the libraries are the very same ones. */
function copyOfSources(name: string, paths = sources): string {
  const folder = join(root, "dist/bench", name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const path of paths) cpSync(join(root, path), join(folder, path), { recursive: true });
  return folder;
}

function write(folder: string, file: string, content: object): void {
  writeFileSync(join(folder, file), JSON.stringify(content, undefined, 2));
}
