import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { promisify } from "node:util";
import { messageOf } from "../http-json.ts";
import type { StateFolder } from "../state-folder.ts";

const run = promisify(execFile);

/** The unpacked releases, shared by all instances of one image. */
export class Releases {
  private readonly state: StateFolder;
  private readonly unpacking = new Map<string, Promise<string>>();

  constructor(state: StateFolder) {
    this.state = state;
  }

  /**
   * The folder of a release, unpacked once. Rejects with one line if there is no such release or it cannot be
   * unpacked.
   */
  folder(digest: string): Promise<string> {
    const known = this.unpacking.get(digest);
    if (known !== undefined) return known;
    const unpacked = this.unpack(digest);
    this.unpacking.set(digest, unpacked);
    unpacked.catch(() => this.unpacking.delete(digest));
    return unpacked;
  }

  /** The digest of the release that begins so; undefined if none does. */
  beginningWith(start: string | undefined): string | undefined {
    const folder = this.state.path("releases");
    if (start === undefined || !existsSync(folder)) return undefined;
    return readdirSync(folder)
      .find((name) => name.startsWith(start))
      ?.split(".")[0];
  }

  private async unpack(digest: string): Promise<string> {
    // The digest comes from a tag that anybody may set: it must not lead out of the folder.
    if (!/^[0-9a-f]{64}$/.test(digest)) {
      throw new Error(`the tag ReleaseDigest must be a SHA-256 in hex, got ${JSON.stringify(digest)}`);
    }
    const folder = this.state.path("images", digest);
    if (existsSync(folder)) return folder;
    const tarball = this.state.release(digest);
    if (!existsSync(tarball)) throw new Error(`release ${digest} is not in ${this.state.path("releases")}`);
    const unfinished = `${folder}.unfinished`;
    rmSync(unfinished, { recursive: true, force: true });
    mkdirSync(unfinished, { recursive: true });
    try {
      await run("tar", ["-xzf", tarball, "-C", unfinished, "--no-same-owner"]);
    } catch (error) {
      throw new Error(`release ${digest} cannot be unpacked: ${messageOf(error)}`);
    }
    renameSync(unfinished, folder);
    return folder;
  }
}
