import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { readIfThere } from "./files.ts";
import { type Arch, pinnedPart } from "./pinned.ts";

/** The Node that a release carries. */
export interface Runtime {
  /** Version, without v. */
  readonly version: string;
  /** `bin/node` as a part of a release's archive. */
  readonly archivePart: Uint8Array;
}

/**
 * The pinned Node of cli/release/runtime/.
 * @throws Error if npm cannot fetch it.
 */
export async function pinnedRuntime(
  root: string,
  arch: Arch,
  onProgress: (line: string) => void,
): Promise<Runtime> {
  const name = `node-linux-${arch}`;
  const manifest = await readFile(join(root, "cli/release/runtime/package.json"), "utf8");
  const version = (JSON.parse(manifest) as { optionalDependencies: Record<string, string> })
    .optionalDependencies[name];
  if (version === undefined) throw new Error(`cli/release/runtime/package.json: pin ${name} there`);
  const archivePart = await pinnedPart({
    root,
    folder: "runtime",
    arch,
    onProgress,
    title: `Node ${version}`,
    pick: async (installed) => {
      const data = await readIfThere(join(installed, name, "bin/node"));
      return data && [{ path: "bin/node", data, executable: true }];
    },
  });
  return { version, archivePart };
}
