import { createHash } from "node:crypto";
import { buffer } from "node:stream/consumers";
import { execa } from "execa";
import { pack } from "tar-stream";

/** A file of an archive. */
export interface ArchiveFile {
  /** Path in the archive. */
  readonly path: string;
  readonly data: Uint8Array;
  readonly executable?: boolean;
}

/** A tar ends with two empty blocks; without them another tar may follow. */
const END_OF_TAR = 1024;

/** All times in an archive: the same commit must give the same bytes on every day. */
const EPOCH = new Date(0);

/**
 * Packs files as a gzipped part of a tar: in the order of their paths, owned by root, without times.
 * Parts put one behind the other make one archive; `last` closes it.
 */
export async function archivePart(
  files: readonly ArchiveFile[],
  { last }: { last: boolean },
): Promise<Buffer> {
  const tar = pack();
  const bytes = buffer(tar);
  for (const { path, data, executable = false } of files.toSorted((a, b) => (a.path < b.path ? -1 : 1))) {
    const header = { name: path, mode: executable ? 0o755 : 0o644, mtime: EPOCH, uid: 0, gid: 0 };
    tar.entry({ ...header, uname: "root", gname: "root", size: data.length }, Buffer.from(data));
  }
  tar.finalize();
  const whole = await bytes;
  return compress(last ? whole : whole.subarray(0, -END_OF_TAR));
}

/** Which program compresses: another one may do so to other bytes. */
export async function compressor(): Promise<string> {
  const { all = "" } = await execa("gzip", ["--version"], { all: true });
  return all.split("\n")[0] ?? "";
}

/** By the system's gzip: what Node has in it makes a release larger by 1.4 MB. */
async function compress(data: Buffer): Promise<Buffer> {
  const { stdout } = await execa("gzip", ["-n", "-9", "-c"], { input: data, encoding: "buffer" });
  return Buffer.from(stdout);
}

/** The SHA-256 of bytes, in hexadecimal. */
export function sha256(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest("hex");
}
