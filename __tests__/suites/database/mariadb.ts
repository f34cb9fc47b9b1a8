import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createConnection } from "mysql2/promise";
import type { Certificates } from "./certificates.ts";
import { freePort, until } from "./wait.ts";

const asRoot = process.getuid?.() === 0 ? ["--user=root"] : [];

/** A MariaDB server of its own, which takes TLS connections only, with its data in a folder. */
export class MariaDb {
  readonly port: number;
  readonly #folder: string;
  readonly #host: string;
  readonly #tls: Certificates;
  #process: ChildProcess | undefined;

  private constructor(folder: string, tls: Certificates, port: number, host: string) {
    this.#host = host;
    this.#folder = folder;
    this.#tls = tls;
    this.port = port;
  }

  /** Makes an empty server; it does not run yet. `at`: where it is to listen, by default on a free port. */
  static async install(
    folder: string,
    tls: Certificates,
    at: { host?: string; port?: number } = {},
  ): Promise<MariaDb> {
    const data = `--datadir=${join(folder, "data")}`;
    const options = ["--no-defaults", data, "--auth-root-authentication-method=normal", "--skip-test-db"];
    // Two that install at once would take each other's temporary tables away.
    const own = `TMPDIR=${folder}`;
    execFileSync("env", [own, "mariadb-install-db", ...options, ...asRoot], { stdio: "pipe" });
    return new MariaDb(folder, tls, at.port ?? (await freePort()), at.host ?? "127.0.0.1");
  }

  /** Starts the server and waits until it answers. */
  async start(): Promise<void> {
    const { ca, cert, key } = this.#tls;
    this.#process = spawn(
      "mariadbd",
      [
        "--no-defaults",
        ...asRoot,
        `--datadir=${join(this.#folder, "data")}`,
        `--socket=${this.#socket}`,
        `--tmpdir=${this.#folder}`,
        `--pid-file=${join(this.#folder, "mariadb.pid")}`,
        `--bind-address=${this.#host}`,
        `--port=${this.port}`,
        `--ssl-ca=${ca}`,
        `--ssl-cert=${cert}`,
        `--ssl-key=${key}`,
        "--require-secure-transport=ON",
        "--innodb-buffer-pool-size=16M",
        "--innodb-log-file-size=8M",
        "--performance-schema=OFF",
      ],
      { stdio: "ignore" },
    );
    await until("MariaDB answers", async () => (await this.query("select 1")).length === 1);
  }

  /** Ends the server at once, as a failing machine does. */
  async kill(): Promise<void> {
    const server = this.#process;
    if (!server || server.exitCode !== null || server.signalCode !== null) return;
    server.kill("SIGKILL");
    await once(server, "exit");
  }

  /** Runs one statement as the administrator. */
  async query(statement: string): Promise<Record<string, unknown>[]> {
    const connection = await createConnection({ socketPath: this.#socket, user: "root" });
    try {
      const [rows] = await connection.query(statement);
      return Array.isArray(rows) ? (rows as Record<string, unknown>[]) : [];
    } finally {
      await connection.end();
    }
  }

  /** Ends all connections of a user, and waits until they are gone. */
  async disconnect(user: string): Promise<void> {
    const open = () =>
      this.query(
        `select id from information_schema.processlist where user = '${user}' and command <> 'Killed'`,
      );
    for (const { id } of await open()) await this.query(`kill ${id}`).catch(() => {});
    await until(`${user} is disconnected`, async () => (await open()).length === 0);
  }

  /** Keeps everybody out of a table until the returned function is called. */
  async lockTable(table: string): Promise<() => Promise<void>> {
    const connection = await createConnection({ socketPath: this.#socket, user: "root" });
    await connection.query(`lock tables ${table} write`);
    return () => connection.end();
  }

  get #socket(): string {
    return join(this.#folder, "mariadb.sock");
  }
}
