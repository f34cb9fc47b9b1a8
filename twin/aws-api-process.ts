import type { ChildProcess } from "node:child_process";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { requestJson } from "./http-json.ts";
import { LogFile } from "./log.ts";
import { end, hasEnded, type Processes } from "./processes.ts";

const START_LIMIT_MS = 60_000;
/** The folder of the Python package. */
export const AWS_API_FOLDER = join(import.meta.dirname, "aws-api");

/** How to start the AWS API. */
export interface AwsApiOptions {
  readonly python: string;
  readonly port: number;
  readonly environment: NodeJS.ProcessEnv;
  readonly logFile: string;
  readonly processes: Processes;
  /** It ended without being told to. */
  readonly onExit: (reason: string) => void;
}

/** The AWS API of the twin: a Python process that ends when this one does, for its standard input closes then. */
export class AwsApi {
  private readonly child: ChildProcess;
  private readonly options: AwsApiOptions;
  private stopping = false;
  private problem = "";

  constructor(options: AwsApiOptions) {
    this.options = options;
    const { python, port, environment, logFile, processes } = options;
    this.child = processes.spawn("aws-api", python, ["-m", "webstead_aws_api", "--port", String(port)], {
      cwd: AWS_API_FOLDER,
      env: { ...environment, PYTHONDONTWRITEBYTECODE: "1", PYTHONUNBUFFERED: "1" },
      stdio: ["pipe", "pipe", "pipe"],
    });
    this.child.stdin?.on("error", () => {});
    const log = new LogFile(logFile);
    for (const stream of [this.child.stdout, this.child.stderr] as (Readable | null)[]) {
      stream?.on("data", (chunk: Buffer) => {
        log.write(chunk);
        this.problem = chunk.toString().trim().split("\n").at(-1) || this.problem;
      });
    }
    this.child.on("error", (error) => {
      this.problem = error.message;
    });
    this.child.on("close", () => {
      log.close();
      if (!this.stopping) options.onExit(`the AWS API ended: ${this.problem}`);
    });
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** Resolves when it answers; rejects with one line if it ends before or takes longer than a minute. */
  async ready(): Promise<void> {
    const { port, logFile } = this.options;
    const deadline = Date.now() + START_LIMIT_MS;
    for (;;) {
      try {
        await requestJson({ port }, "GET", "/_twin/health");
        return;
      } catch {
        if (hasEnded(this.child))
          throw new Error(`the AWS API ended at its start: ${this.problem}; see ${logFile}`);
        if (Date.now() > deadline)
          throw new Error(`the AWS API did not answer within a minute; see ${logFile}`);
        await delay(100);
      }
    }
  }

  /** Ends it; all it holds is gone. */
  async stop(): Promise<void> {
    this.stopping = true;
    await end(this.child, 5_000);
  }
}
