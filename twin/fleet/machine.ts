import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { messageOf } from "../http-json.ts";
import { LogFile } from "../log.ts";
import { MetadataServer } from "../metadata/metadata-server.ts";
import { freePort } from "../ports.ts";
import type { Processes } from "../processes.ts";
import type { StateFolder } from "../state-folder.ts";
import type { Instance, WorldClient } from "../world.ts";
import { AppProcess, minimalPath } from "./app-process.ts";
import { parseEnvironmentFile } from "./environment-file.ts";
import type { Releases } from "./releases.ts";

const BOOT_LIMIT_MS = 60_000;

/** What a machine needs from the rest of the twin. */
export interface MachineOptions {
  readonly state: StateFolder;
  readonly processes: Processes;
  readonly releases: Releases;
  readonly client: WorldClient;
  /** The AWS API, e.g. `http://127.0.0.1:8000`. */
  readonly awsEndpoint: string;
}

/** What a machine is doing: `dead` is a process that ended by itself or never came up. */
export type MachineState = "booting" | "running" | "dead" | "stopping" | "stopped";

/** One instance made real: the release its image names, as a process that sees only what its instance would see. */
export class Machine {
  readonly instance: Instance;
  state: MachineState = "booting";
  /** The loopback port of the app, once it was started. */
  port: number | undefined;
  /** The port the app has on its instance (PORT of its user data). */
  instancePort: number | undefined;
  private readonly options: MachineOptions;
  private readonly log: LogFile;
  private metadata: MetadataServer | undefined;
  private app: AppProcess | undefined;
  private booting: Promise<void> = Promise.resolve();

  constructor(instance: Instance, options: MachineOptions) {
    this.instance = instance;
    this.options = options;
    this.log = new LogFile(options.state.log(instance.id));
  }

  get pid(): number | undefined {
    return this.app?.pid;
  }

  /** Boots the release with this digest. Never rejects: a machine that does not come up is dead, its log says why. */
  start(digest: string): void {
    this.booting = this.boot(digest).catch((error) => this.die(messageOf(error)));
  }

  /** The app may finish its requests; then nothing is left. */
  async stop(): Promise<void> {
    const wasDead = this.state === "dead";
    this.state = "stopping";
    await this.app?.stop();
    if (!wasDead) await this.booting;
    this.metadata?.close();
    this.log.close();
    rmSync(this.folder, { recursive: true, force: true });
    this.state = "stopped";
  }

  private get folder(): string {
    return this.options.state.path("instances", this.instance.id);
  }

  private async boot(digest: string): Promise<void> {
    const release = await this.options.releases.folder(digest);
    mkdirSync(this.folder, { recursive: true });
    this.metadata = new MetadataServer(this.instance);
    const metadataEndpoint = await this.metadata.open();
    const file = join(this.folder, "environment");
    const base = {
      PATH: minimalPath,
      HOME: this.folder,
      AWS_EC2_METADATA_SERVICE_ENDPOINT: metadataEndpoint,
    };
    await this.runBoot(release, file, base);
    const given = parseEnvironmentFile(readFileSync(file, "utf8"));
    const port = await freePort();
    if (this.state !== "booting") return;
    this.instancePort = Number(given.PORT ?? 80);
    this.port = port;
    this.run(release, given, {
      ...base,
      HOST: "127.0.0.1",
      PORT: String(port),
      DB_CA_FILE: this.options.state.caCertificate,
      AWS_ENDPOINT_URL: this.options.awsEndpoint,
      NODE_ENV: "production",
    });
  }

  /** The unit that the image starts before the app: user data into the environment file. */
  private runBoot(release: string, file: string, env: NodeJS.ProcessEnv): Promise<void> {
    return new Promise((resolve, reject) => {
      const limits = { cwd: this.folder, env, timeout: BOOT_LIMIT_MS };
      execFile(join(release, "bin/node"), [join(release, "boot.mjs"), file], limits, (error, out, err) => {
        this.log.write(out + err);
        if (error === null) resolve();
        else reject(new Error(`boot.mjs failed: ${(err || error.message).trim()}`));
      });
    });
  }

  private run(release: string, given: Record<string, string>, own: Record<string, string>): void {
    const { id, account, region } = this.instance;
    const group = given.LOG_GROUP;
    this.app = new AppProcess(
      {
        ...{ name: id, release, folder: this.folder, log: this.log, variables: { ...given, ...own } },
        ...(group && { shipTo: { account, region, group, stream: id } }),
      },
      this.options,
      (reason) => this.die(reason),
    );
    this.state = "running";
  }

  private die(reason: string): void {
    if (this.state !== "booting" && this.state !== "running") return;
    this.state = "dead";
    this.log.write(`twin: ${this.instance.id} is dead: ${reason}\n`);
  }
}
