import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { messageOf } from "../http-json.ts";
import type { StateFolder } from "../state-folder.ts";
import type { Image } from "../world.ts";

const run = promisify(execFile);
const IMAGE_ID = /^ami-[0-9a-f]+$/;
const REMOVED = ".removed";

/** Copies a folder, or unpacks a tar, with owners, modes, capabilities and labels. Needs root. */
export async function copyRoot(source: string, target: string): Promise<void> {
  mkdirSync(target, { recursive: true });
  const kept = ["--xattrs", "--xattrs-include=*", "--acls", "--numeric-owner"];
  try {
    if (statSync(source).isDirectory()) {
      const script = 'tar -C "$1" --one-file-system $3 -c . | tar -C "$2" -p $3 -x';
      await run("bash", ["-o", "pipefail", "-c", script, "copy", source, target, kept.join(" ")]);
    } else await run("tar", ["-C", target, "-p", ...kept, "-xf", source]);
  } catch (error) {
    throw new Error(`${source} cannot be copied to ${target}: ${messageOf(error)}`);
  }
}

/** The operating systems that images stand for: one folder per image, shared by all its instances. */
export class RootFileSystems {
  private readonly state: StateFolder;
  private readonly seen = new Set<string>();

  constructor(state: StateFolder) {
    this.state = state;
  }

  /** Takes a copy of `source` (folder or tar) for an image; one that was there is replaced. Rejects with one line. */
  async add(imageId: string, source: string): Promise<void> {
    if (!IMAGE_ID.test(imageId))
      throw new Error(`an image id is ami- and hex digits, got ${JSON.stringify(imageId)}`);
    const folder = this.state.rootFileSystem(imageId);
    const unfinished = `${folder}.unfinished`;
    rmSync(unfinished, { recursive: true, force: true });
    await copyRoot(source, unfinished);
    rmSync(folder, { recursive: true, force: true });
    renameSync(unfinished, folder);
  }

  /** The folder of an image, or undefined for an image that is a release alone. */
  folder(imageId: string): string | undefined {
    if (!IMAGE_ID.test(imageId)) return undefined;
    const folder = this.state.rootFileSystem(imageId);
    return existsSync(folder) ? folder : undefined;
  }

  /**
   * Deletes what belonged to images that were there and are deregistered, unless an instance still runs on them. An
   * image that was never seen may be one that is being made.
   */
  forget(images: readonly Image[], used: ReadonlySet<string>): void {
    const there = new Set(images.map(({ id }) => id));
    for (const id of there) this.seen.add(id);
    for (const id of this.seen) {
      if (there.has(id) || used.has(id)) continue;
      this.seen.delete(id);
      this.remove(this.state.rootFileSystem(id));
    }
  }

  /** Goes on with what an earlier daemon had begun to delete. */
  async finishRemovals(): Promise<void> {
    const folder = this.state.path("root-file-systems");
    const begun = (existsSync(folder) ? readdirSync(folder) : []).filter((name) => name.endsWith(REMOVED));
    await Promise.all(begun.map((name) => rm(join(folder, name), { recursive: true, force: true })));
  }

  /** Out of sight at once. Its thousands of files go in the background: requests pass through this process. */
  private remove(folder: string): void {
    if (!existsSync(folder)) return;
    renameSync(folder, folder + REMOVED);
    void this.finishRemovals().catch(() => {});
  }

  /** The images that have one. */
  list(): string[] {
    const folder = this.state.path("root-file-systems");
    return existsSync(folder) ? readdirSync(folder).filter((name) => IMAGE_ID.test(name)) : [];
  }
}
