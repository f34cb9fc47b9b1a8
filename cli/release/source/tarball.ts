import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import { extract } from "tar-stream";
import { sha256 } from "../archive.ts";

/** A whole download, in milliseconds. */
const DOWNLOAD_TIMEOUT = 180_000;

/** An app is source text and pictures; beyond this it is something else. */
const MOST_BYTES = 256 * 1024 * 1024;

interface Unpacked {
  readonly path: string;
  readonly data: Buffer;
  readonly mode: number;
}

/**
 * Reads a tarball, from this machine or by https.
 * @param get asks for a URL; default: Node's own
 * @throws Error if it is not there, is too big, or has another digest
 */
export async function readTarball(
  tarball: string,
  digest: string,
  get: (url: string, options: { signal: AbortSignal }) => Promise<Response> = fetch,
): Promise<Buffer> {
  const bytes = await (tarball.startsWith("https://") ? download(tarball, get) : readFile(tarball)).catch(
    (error: Error) => {
      throw new Error(`it cannot be read: ${error.message}`);
    },
  );
  const found = sha256(bytes);
  if (found === digest) return bytes;
  throw new Error(
    `its SHA-256 is ${found}, not ${digest}; somebody changed it, or app.source.sha256 is of another`,
  );
}

async function download(
  url: string,
  get: (url: string, options: { signal: AbortSignal }) => Promise<Response>,
): Promise<Buffer> {
  const response = await get(url, { signal: AbortSignal.timeout(DOWNLOAD_TIMEOUT) });
  if (!response.ok || response.body === null) throw new Error(`the server answers ${response.status}`);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body) {
    size += chunk.length;
    if (size > MOST_BYTES) throw new Error(`it has more than ${MOST_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/**
 * Unpacks a gzipped tar into an empty folder; of one with a single folder at its top, what is in that folder.
 * @throws Error if it is none, is too big, or holds what is neither file nor folder, or lies outside
 */
export async function unpack(bytes: Uint8Array, folder: string): Promise<void> {
  const entries = await readEntries(bytes).catch((error: Error) => {
    throw new Error(`it cannot be unpacked: ${error.message}`);
  });
  const tops = new Set(entries.map(({ path }) => path.split("/")[0]));
  const isWrapped = tops.size === 1 && entries.every(({ path }) => path.includes("/"));
  for (const { path, data, mode } of entries) {
    const file = join(folder, isWrapped ? path.slice(path.indexOf("/") + 1) : path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, data, { mode: mode & 0o100 ? 0o755 : 0o644 });
  }
}

async function readEntries(bytes: Uint8Array): Promise<Unpacked[]> {
  const tar = extract();
  const gunzip = createGunzip();
  // What goes wrong on the way comes out of the loop below.
  pipeline(gunzip, tar, () => {});
  gunzip.end(bytes);
  const entries: Unpacked[] = [];
  let size = 0;
  for await (const entry of tar) {
    const { name, type, mode = 0 } = entry.header;
    const path = name.replace(/^(\.\/)+/, "").replace(/\/+$/, "");
    if (type !== "file" && type !== "directory")
      throw new Error(`${name} is a ${type}: only files may be in it`);
    if (path.startsWith("/") || /[\\\0]/.test(path) || path.split("/").includes("..")) {
      throw new Error(`${name} leads out of it`);
    }
    const chunks: Buffer[] = [];
    for await (const chunk of entry) {
      chunks.push(chunk as Buffer);
      size += (chunk as Buffer).length;
      if (size > MOST_BYTES) throw new Error(`it unpacks to more than ${MOST_BYTES} bytes`);
    }
    if (type === "file" && path !== "") entries.push({ path, data: Buffer.concat(chunks), mode });
  }
  return entries;
}
