import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { archivePart, sha256 } from "./archive.ts";
import { readIfThere, writeWhole } from "./files.ts";

/** Processors of the instances. */
export type Arch = "x64" | "arm64";

/** The Node that a release carries. */
export interface Runtime {
  /** Version, without v. */
  readonly version: string;
  /** `bin/node` as the first part of a release's archive. */
  readonly archivePart: Uint8Array;
}

/**
 * The pinned Node of cli/release/runtime/, fetched by npm once, checked by npm against the lock file's integrity,
 * and kept compressed under .webstead/.
 * @throws Error if npm cannot fetch it.
 */
export async function pinnedRuntime(
  root: string,
  arch: Arch,
  onProgress: (line: string) => void,
): Promise<Runtime> {
  const pinned = join(root, "cli/release/runtime");
  const manifest = await readFile(join(pinned, "package.json"));
  const lock = await readFile(join(pinned, "package-lock.json"));
  const name = `node-linux-${arch}`;
  const version = pinnedVersion(manifest, name);

  const cache = join(root, ".webstead/runtime");
  const kept = join(cache, `${name}-${sha256(manifest, lock, process.version).slice(0, 16)}.tar.gz`);
  const known = await readIfThere(kept);
  if (known) return { version, archivePart: known };

  onProgress(`fetching Node ${version} for ${arch}`);
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, "fetch-"));
  try {
    await writeFile(join(folder, "package.json"), manifest);
    await writeFile(join(folder, "package-lock.json"), lock);
    const data = await fetchBinary(folder, name, arch);
    onProgress(`packing Node ${version}`);
    const part = await archivePart([{ path: "bin/node", data, executable: true }], { last: false });
    await writeWhole(kept, part);
    return { version, archivePart: part };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function pinnedVersion(manifest: Uint8Array, name: string): string {
  const { optionalDependencies } = JSON.parse(Buffer.from(manifest).toString()) as {
    optionalDependencies: Record<string, string>;
  };
  const version = optionalDependencies[name];
  if (version === undefined) throw new Error(`cli/release/runtime/package.json: pin ${name} there`);
  return version;
}

async function fetchBinary(folder: string, name: string, arch: Arch): Promise<Buffer> {
  const wanted = ["--os=linux", `--cpu=${arch}`, "--include=optional"];
  // A connection that stalls is given up and tried again; npm's own patience is five minutes.
  const patience = ["--fetch-timeout=60000", "--fetch-retries=4", "--fetch-retry-mintimeout=1000"];
  const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  const { failed, stderr } = await execa("npm", ["ci", ...wanted, ...patience, ...quiet], {
    cwd: folder,
    reject: false,
  });
  // npm leaves out an optional package it could not fetch, and calls that a success.
  const binary = await readIfThere(join(folder, "node_modules", name, "bin/node"));
  if (!failed && binary) return binary;
  const reason = stderr.trim().split("\n").at(-1) || "npm ci left it out";
  throw new Error(
    `release: cannot fetch ${name} (${reason}); check that npm reaches its registry, and try again`,
  );
}
