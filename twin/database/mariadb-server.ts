import { type ChildProcess, execFile } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { userInfo } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import type { Certificates } from "../certificates.ts";
import { errorCode } from "../http-json.ts";
import { LogFile } from "../log.ts";
import { end, hasEnded, type Processes } from "../processes.ts";

/** Seconds on a quiet machine; one that makes several databases at once is not quiet. */
const START_LIMIT_MS = 180_000;
const STOP_GRACE_MS = 20_000;
const SEARCH_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
const INSTALL = "install it: apt-get install mariadb-server-core mariadb-client-core";
/** As MySQL 8.4 sets it. */
const SQL_MODE =
  "ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION";

/** Where one server keeps its things and who helps it. */
export interface MariadbOptions {
  readonly name: string;
  /** Its folder: data, certificate. */
  readonly folder: string;
  /** Its Unix socket, for its administrator: the user of this process, without password. */
  readonly socket: string;
  readonly logFile: string;
  readonly processes: Processes;
  readonly certificates: Certificates;
}

/** One mariadbd with a data folder of its own. */
export class MariadbServer {
  private readonly options: MariadbOptions;
  private readonly env: NodeJS.ProcessEnv;
  private child: ChildProcess | undefined;

  constructor(options: MariadbOptions) {
    this.options = options;
    // Temporary tables are called after the process's number: in a folder of many they would meet.
    this.env = { PATH: SEARCH_PATH, HOME: options.folder, TMPDIR: options.folder, LC_ALL: "C" };
  }

  get running(): boolean {
    return this.child !== undefined && !hasEnded(this.child);
  }

  /** Makes the data folder; true if there was none. Rejects with one line, naming the package if MariaDB is missing. */
  async install(): Promise<boolean> {
    const data = join(this.options.folder, "data");
    if (existsSync(data)) return false;
    const unfinished = `${data}.unfinished`;
    rmSync(unfinished, { recursive: true, force: true });
    mkdirSync(this.options.folder, { recursive: true, mode: 0o700 });
    const user = userInfo().username;
    await this.run("mariadb-install-db", [
      ...["--no-defaults", `--datadir=${unfinished}`, `--user=${user}`, "--skip-test-db"],
      ...["--auth-root-authentication-method=socket", `--auth-root-socket-user=${user}`],
    ]);
    renameSync(unfinished, data);
    return true;
  }

  /**
   * Starts on `address`:`port` with TLS; resolves when it answers. Rejects with one line if it ends or does not
   * answer within three minutes. `onExit` is called when this very process ends, for whatever reason.
   */
  async start(address: string, port: number, options: readonly string[], onExit: () => void): Promise<void> {
    const { name, folder, socket, logFile, processes, certificates } = this.options;
    const tls = await certificates.issue(address);
    writeFileSync(join(folder, "server.pem"), tls.certificate);
    writeFileSync(join(folder, "server.key"), tls.key, { mode: 0o600 });
    rmSync(socket, { force: true });
    const child = processes.spawn(
      name,
      "mariadbd",
      [
        "--no-defaults",
        `--datadir=${join(folder, "data")}`,
        `--socket=${socket}`,
        `--pid-file=${join(folder, "pid")}`,
        `--bind-address=${address}`,
        `--port=${port}`,
        ...(process.getuid?.() === 0 ? ["--user=root"] : []),
        `--ssl-cert=${join(folder, "server.pem")}`,
        `--ssl-key=${join(folder, "server.key")}`,
        "--tls-version=TLSv1.2,TLSv1.3",
        ...["--innodb-buffer-pool-size=32M", "--innodb-log-file-size=16M", "--performance-schema=OFF"],
        // All changes since its birth: a replica begins with the first.
        ...["--log-bin=changes", "--expire-logs-days=0", "--sync-binlog=0"],
        // A commit outlives the server's death, not the machine's: nobody waits for the disk, which others keep busy.
        "--innodb-flush-log-at-trx-commit=2",
        ...["--skip-name-resolve", `--sql-mode=${SQL_MODE}`],
        ...["--character-set-server=utf8mb4", "--collation-server=utf8mb4_unicode_ci"],
        ...options,
      ],
      { env: this.env, stdio: ["ignore", "pipe", "pipe"] },
    );
    this.child = child;
    const log = new LogFile(logFile);
    for (const stream of [child.stdout, child.stderr] as (Readable | null)[]) {
      stream?.on("data", (chunk: Buffer) => log.write(chunk));
    }
    child.on("close", () => log.close());
    let missing = false;
    child.on("error", () => {
      missing = true;
    });
    child.on("exit", onExit);
    const deadline = Date.now() + START_LIMIT_MS;
    while (!(await answers(socket))) {
      if (missing) throw new Error(`mariadbd not found; ${INSTALL}`);
      if (hasEnded(child)) throw new Error(`mariadbd ended at its start; see ${logFile}`);
      if (Date.now() > deadline) {
        await end(child, 0);
        throw new Error(`mariadbd did not answer within ${START_LIMIT_MS / 1_000} s; see ${logFile}`);
      }
      await delay(50);
    }
  }

  /** Shuts down cleanly, by force after 20 s. */
  async stop(): Promise<void> {
    if (this.child !== undefined) await end(this.child, STOP_GRACE_MS);
  }

  /** Runs statements as administrator; resolves with what they answer, without headings. They go through standard input: a password is in no argument and no file. */
  async execute(sql: string): Promise<string> {
    const user = userInfo().username;
    const args = [
      "--no-defaults",
      "--batch",
      "--skip-column-names",
      `--socket=${this.options.socket}`,
      `--user=${user}`,
    ];
    return (await this.run("mariadb", args, sql)).trim();
  }

  private run(command: string, args: readonly string[], input = ""): Promise<string> {
    return new Promise((resolve, reject) => {
      const child = execFile(command, args, { env: this.env, timeout: START_LIMIT_MS }, (error, out, err) => {
        if (error === null) resolve(out);
        else if (errorCode(error) === "ENOENT") reject(new Error(`${command} not found; ${INSTALL}`));
        // The message may quote the statement, and that the password: its number has to do.
        else if (input !== "") reject(new Error(`${command}: ${/ERROR \d+/.exec(err)?.[0] ?? "failed"}`));
        else reject(new Error(`${command} failed: ${(err || out).trim().split("\n").at(-1)}`));
      });
      child.stdin?.on("error", () => {});
      child.stdin?.end(input);
    });
  }
}

/** Whether a server greets on the socket. */
function answers(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(socketPath);
    const finish = (greeted: boolean) => {
      resolve(greeted);
      socket.destroy();
    };
    socket.setTimeout(1_000, () => finish(false));
    socket.once("data", () => finish(true));
    socket.once("error", () => finish(false));
    socket.once("close", () => finish(false));
  });
}
