import { buffer } from "node:stream/consumers";
import { gunzipSync } from "node:zlib";
import { extract } from "tar-stream";

/** The files of a gzipped tar, by their paths. */
export async function unpacked(archive: Uint8Array): Promise<Record<string, Buffer>> {
  const tar = extract();
  tar.end(gunzipSync(archive));
  const files: Record<string, Buffer> = {};
  for await (const entry of tar) files[entry.header.name] = await buffer(entry);
  return files;
}
