import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/** The kernel keeps a Unix socket's path in 108 bytes, the last one a zero. */
const LONGEST_SOCKET_PATH = 107;
const RELEASES_KEPT = 5;

/** The paths of one twin's state folder. */
export class StateFolder {
  /** Absolute. */
  readonly root: string;

  constructor(path: string) {
    this.root = resolve(path);
  }

  /** A path inside the folder. */
  path(...parts: string[]): string {
    return join(this.root, ...parts);
  }

  /** A Unix socket's path: inside the folder, or a hashed name in the temporary folder where that is too long. */
  socket(name: string): string {
    const inside = this.path(name);
    if (Buffer.byteLength(inside) <= LONGEST_SOCKET_PATH) return inside;
    const hash = createHash("sha256").update(inside).digest("hex").slice(0, 20);
    return join(tmpdir(), `twin-${hash}.sock`);
  }

  get control(): string {
    return this.socket("control.sock");
  }
  /** Locked by the running daemon (flock), so it is never stale. */
  get lock(): string {
    return this.path("lock");
  }
  /** Why the last start failed, one line. */
  get failure(): string {
    return this.path("failure");
  }
  /** What the daemon started and has not ended: see Processes. */
  get ledger(): string {
    return this.path("processes");
  }
  get caCertificate(): string {
    return this.path("ca", "ca.pem");
  }

  /** The log file of one part, instance or database. */
  log(name: string): string {
    return this.path("log", `${name}.log`);
  }

  /** The tarball of a release. */
  release(digest: string): string {
    return this.path("releases", `${digest}.tar.gz`);
  }

  /** The root file system of an image that boots. */
  rootFileSystem(imageId: string): string {
    return this.path("root-file-systems", imageId);
  }

  /** Makes the folder, readable by its owner only. */
  create(): void {
    mkdirSync(this.root, { recursive: true, mode: 0o700 });
    for (const name of ["log", "releases"]) mkdirSync(this.path(name), { recursive: true });
  }

  /** Removes what belonged to a cloud that is gone: databases, instances, tasks, images, all but the newest releases. */
  clean(): void {
    for (const name of ["databases", "instances", "tasks", "images", "root-file-systems"]) {
      rmSync(this.path(name), { recursive: true, force: true });
    }
    if (!existsSync(this.path("releases"))) return;
    const releases = readdirSync(this.path("releases")).map((name) => this.path("releases", name));
    const newestFirst = releases.sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
    for (const old of newestFirst.slice(RELEASES_KEPT)) rmSync(old, { force: true });
  }
}
