import { mkdirSync, rmSync } from "node:fs";
import { AppProcess, minimalPath } from "../fleet/app-process.ts";
import type { MachineOptions } from "../fleet/machine.ts";
import { messageOf } from "../http-json.ts";
import { LogFile } from "../log.ts";
import { TaskMetadataServer } from "../metadata/task-metadata-server.ts";
import { freePort } from "../ports.ts";
import type { Task } from "../world.ts";

/** A tag ends with the beginning of the digest of the release that the image was made of. */
const RELEASE = /[:-]([0-9a-f]{12})$/;

/** What a task is doing; `ended` by itself, or because it was told to. */
export type TaskState = "starting" | "running" | "stopping" | "ended";

/** One Fargate task made real: the release that its image's tag names, as a process. */
export class TaskProcess {
  readonly task: Task;
  state: TaskState = "starting";
  /** Why it ended. */
  reason: string | undefined;
  /** The loopback port of the app, once it was started. */
  port: number | undefined;
  private readonly options: MachineOptions;
  private readonly log: LogFile;
  private readonly metadata: TaskMetadataServer;
  private app: AppProcess | undefined;
  private readonly started: Promise<void>;

  constructor(task: Task, options: MachineOptions) {
    this.task = task;
    this.options = options;
    this.log = new LogFile(options.state.log(task.id));
    this.metadata = new TaskMetadataServer(task);
    this.started = this.start().catch((error) => this.end(messageOf(error)));
  }

  get pid(): number | undefined {
    return this.app?.pid;
  }

  /** The app may finish its requests; then nothing is left. */
  async stop(): Promise<void> {
    if (this.state === "ended") return;
    this.state = "stopping";
    await this.started;
    await this.app?.stop();
    this.end("it was told to stop");
  }

  private get folder(): string {
    return this.options.state.path("tasks", this.task.id);
  }

  private async start(): Promise<void> {
    const { state, releases, awsEndpoint } = this.options;
    const { id, image, environment, account, region, logGroup, logStream } = this.task;
    const digest = releases.beginningWith(RELEASE.exec(image)?.[1]);
    if (digest === undefined) {
      throw new Error(
        `CannotPullContainerError: the tag of ${image} does not end with the digest of a release here`,
      );
    }
    const release = await releases.folder(digest).catch((error) => {
      throw new Error(`CannotPullContainerError: ${messageOf(error)}`);
    });
    mkdirSync(this.folder, { recursive: true });
    const endpoints = await this.metadata.open();
    const port = await freePort();
    if (this.state !== "starting") return;
    const variables = {
      ...environment,
      ...endpoints,
      PATH: minimalPath,
      HOME: this.folder,
      HOST: "127.0.0.1",
      PORT: String(port),
      DB_CA_FILE: state.caCertificate,
      AWS_ENDPOINT_URL: awsEndpoint,
      NODE_ENV: "production",
    };
    this.app = new AppProcess(
      {
        ...{ name: id, release, folder: this.folder, log: this.log, variables },
        ...(logGroup !== null && { shipTo: { account, region, group: logGroup, stream: logStream } }),
      },
      this.options,
      (reason) => this.end(`Essential container in task exited: ${reason}`),
    );
    this.port = port;
    this.state = "running";
  }

  private end(reason: string): void {
    if (this.state === "ended") return;
    this.state = "ended";
    this.reason = reason;
    this.log.write(`twin: ${this.task.id} has ended: ${reason}\n`);
    this.metadata.close();
    this.log.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
