import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type ArchiveFile, archivePart, compressor, sha256 } from "./archive.ts";
import { isElf, withoutSymbols } from "./elf.ts";
import { readIfThere, writeWhole } from "./files.ts";
import { installLocked } from "./npm.ts";

/** Some 50 MB, in milliseconds. */
const FETCH_TIMEOUT = 600_000;

/** Processors of the instances. */
export type Arch = "x64" | "arm64";

/** Packages of a folder below cli/release/ that a release carries. */
export interface Pinned {
  /** Absolute path of the checkout. */
  readonly root: string;
  /** Name of the folder: it holds a package.json and a lock file with the integrity of all. */
  readonly folder: string;
  readonly arch: Arch;
  /** Called with one line whenever something slow begins. */
  readonly onProgress: (line: string) => void;
  /** What to call them in a message. */
  readonly title: string;
  /** The files of the archive, from the folder where the packages are installed; undefined if one is missing. */
  readonly pick: (installed: string) => Promise<readonly ArchiveFile[] | undefined>;
}

/**
 * Pinned packages for Linux as a part of a release's archive: fetched by npm once, checked by npm against the lock
 * file's integrity, and kept compressed under .webstead/.
 * @throws Error if npm cannot fetch them
 */
export async function pinnedPart(pinned: Pinned): Promise<Uint8Array> {
  const { root, folder, arch, title, onProgress } = pinned;
  const source = join(root, "cli/release", folder);
  const manifest = await readFile(join(source, "package.json"));
  const lock = await readFile(join(source, "package-lock.json"));

  const cache = join(root, ".webstead", folder);
  const key = sha256(manifest, lock, await compressor(), await code(root)).slice(0, 16);
  const kept = join(cache, `linux-${arch}-${key}.tar.gz`);
  const known = await readIfThere(kept);
  if (known) return known;

  onProgress(`fetching ${title} for ${arch}`);
  await mkdir(cache, { recursive: true });
  const installed = await mkdtemp(join(cache, "fetch-"));
  try {
    await writeFile(join(installed, "package.json"), manifest);
    await writeFile(join(installed, "package-lock.json"), lock);
    const files = await fetchPackages(installed, pinned);
    onProgress(`packing ${title}`);
    const part = await archivePart(files.map(smaller), { last: false });
    await writeWhole(kept, part);
    return part;
  } finally {
    await rm(installed, { recursive: true, force: true });
  }
}

/** What decides how packages become bytes of the archive. */
async function code(root: string): Promise<string> {
  const files = ["archive.ts", "elf.ts", "native.ts", "pinned.ts", "runtime.ts"];
  const texts = await Promise.all(files.map((file) => readFile(join(root, "cli/release", file))));
  return sha256(...texts);
}

/** Nobody debugs machine code on an instance: without its symbols a release is 6 MB smaller. */
function smaller(file: ArchiveFile): ArchiveFile {
  const data = Buffer.from(file.data);
  return isElf(data) ? { ...file, data: withoutSymbols(data) } : file;
}

async function fetchPackages(folder: string, { arch, title, pick }: Pinned): Promise<readonly ArchiveFile[]> {
  const wanted = ["--os=linux", `--cpu=${arch}`, "--libc=glibc", "--include=optional"];
  const { failed, reason } = await installLocked(folder, wanted, FETCH_TIMEOUT);
  const files = failed ? undefined : await pick(join(folder, "node_modules"));
  if (files) return files;
  throw new Error(
    `release: cannot fetch ${title} for ${arch} (${reason || "npm ci left it out"}); check that npm reaches its registry, and try again`,
  );
}
