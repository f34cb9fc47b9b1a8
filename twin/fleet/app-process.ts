import type { ChildProcess } from "node:child_process";
import { join } from "node:path";
import type { Readable } from "node:stream";
import type { LogFile } from "../log.ts";
import { end, hasEnded, type Processes } from "../processes.ts";
import type { Owner, WorldClient } from "../world.ts";
import { LogShipper } from "./log-shipper.ts";

/** An app has 25 s for its requests after SIGTERM; then it is killed. */
const STOP_GRACE_MS = 28_000;

/** The PATH of an app. */
export const minimalPath = "/usr/local/bin:/usr/bin:/bin";

/** What is run, and where. */
export interface AppProcessOptions {
  /** Names the process in the twin's records. */
  readonly name: string;
  /** Folder of the unpacked release. */
  readonly release: string;
  /** Where it may write. */
  readonly folder: string;
  /** All that it sees of its surroundings. */
  readonly variables: Readonly<Record<string, string>>;
  readonly log: LogFile;
  /** CloudWatch log that its lines go to as well. */
  readonly shipTo?: Owner & { readonly group: string; readonly stream: string };
}

/** The app of a release as a process. */
export class AppProcess {
  private readonly child: ChildProcess;

  /** @param onEnd called once when it ends, asked to or not, with how it did */
  constructor(
    { name, release, folder, variables, log, shipTo }: AppProcessOptions,
    twin: { readonly processes: Processes; readonly client: WorldClient },
    onEnd: (reason: string) => void,
  ) {
    this.child = twin.processes.spawn(name, join(release, "bin/node"), [join(release, "app/server.mjs")], {
      cwd: folder,
      env: { ...variables },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const shipper = shipTo && new LogShipper(twin.client, shipTo);
    for (const stream of [this.child.stdout, this.child.stderr] as Readable[]) {
      stream.setEncoding("utf8").on("data", (chunk: string) => {
        log.write(chunk);
        shipper?.write(chunk);
      });
    }
    this.child.on("error", (error) => onEnd(error.message));
    this.child.on("exit", (code, signal) => onEnd(`the app ended with ${signal ?? `code ${code}`}`));
    this.child.on("close", () => void shipper?.flush());
  }

  /** Undefined once it has ended. */
  get pid(): number | undefined {
    return hasEnded(this.child) ? undefined : this.child.pid;
  }

  /** SIGTERM, and SIGKILL for what still runs 28 s later. */
  async stop(): Promise<void> {
    await end(this.child, STOP_GRACE_MS);
  }
}
