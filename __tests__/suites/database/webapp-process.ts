import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { freePort, until } from "./wait.ts";

/** The checkout. */
const PROJECT = join(import.meta.dirname, "../../..");

/** What is run, and how. */
export interface Run {
  /** The folder of the app. Default: webapp. */
  readonly folder?: string;
  /** Flags of Node. */
  readonly flags?: readonly string[];
}

/** An app as a process of its own, run from its sources. */
export class WebappProcess {
  readonly url: string;
  output = "";
  readonly #process: ChildProcess;

  private constructor(port: number, variables: Record<string, string>, { folder, flags = [] }: Run) {
    this.url = `http://127.0.0.1:${port}`;
    const env = {
      PORT: String(port),
      HOST: "127.0.0.1",
      AWS_REGION: "eu-central-1",
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      DB_NAME: "webapp",
      DB_SECRET_ARN: "arn:aws:secretsmanager:eu-central-1:123456789012:secret:test",
      ...variables,
    };
    const server = join(folder ?? join(PROJECT, "webapp"), "src/server.ts");
    const args = ["--disable-warning=ExperimentalWarning", ...flags, server];
    this.#process = spawn(process.execPath, args, { env });
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream?.on("data", (chunk) => {
        this.output += chunk;
      });
    }
  }

  /** Starts the app and waits until it is alive; it need not be ready. @throws Error with what it said if it ends */
  static async start(variables: Record<string, string>, run: Run = {}): Promise<WebappProcess> {
    const app = new WebappProcess(await freePort(), variables, run);
    const { exitCode } = await Promise.race([
      once(app.#process, "close").then(() => app.#process),
      until("the app is alive", async () => (await app.status("/healthz")) === 200).then(() => app.#process),
    ]);
    if (exitCode !== null) throw new Error(`the app ended with ${exitCode}; it said: ${app.output}`);
    return app;
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  async status(path: string): Promise<number> {
    return (await fetch(this.url + path)).status;
  }

  async ready(): Promise<void> {
    await until(
      `the app is ready; it said: ${this.output}`,
      async () => (await this.status("/readyz")) === 200,
    );
  }

  async json(method: string, path: string, body?: object): Promise<{ status: number; body: unknown }> {
    const sent = body && { body: JSON.stringify(body), headers: { "content-type": "application/json" } };
    const response = await fetch(this.url + path, { method, ...sent });
    const text = await response.text();
    return { status: response.status, body: text ? JSON.parse(text) : undefined };
  }

  /** Ends it at once, as a failing machine does. */
  async kill(): Promise<void> {
    const exit = once(this.#process, "exit");
    this.#process.kill("SIGKILL");
    await exit;
  }

  /** Holds the process still while something happens around it; what came meanwhile it finds in that order. */
  async whileFrozen(work: () => Promise<void>): Promise<void> {
    this.#process.kill("SIGSTOP");
    try {
      await work();
    } finally {
      this.#process.kill("SIGCONT");
    }
  }

  /** Sends SIGTERM and resolves to the exit code. */
  async stop(): Promise<number | null> {
    const { exitCode, signalCode } = this.#process;
    if (exitCode !== null || signalCode !== null) return exitCode;
    const exit = once(this.#process, "exit");
    this.#process.kill("SIGTERM");
    const [code] = await exit;
    return code as number | null;
  }
}
