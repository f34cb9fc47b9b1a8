import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeCertificates } from "../database/certificates.ts";
import { MariaDb } from "../database/mariadb.ts";
import { SecretsManager } from "../database/secrets-manager.ts";
import { WebappProcess } from "../database/webapp-process.ts";

/** The web app as a process, with a real database whose content can be compared. */
export class Attacked {
  readonly app: WebappProcess;
  readonly database: MariaDb;
  readonly #secrets: SecretsManager;
  readonly #folder: string;

  private constructor(app: WebappProcess, database: MariaDb, secrets: SecretsManager, folder: string) {
    this.app = app;
    this.database = database;
    this.#secrets = secrets;
    this.#folder = folder;
  }

  /** Starts both and waits until the app is ready. */
  static async start(variables: Record<string, string> = {}): Promise<Attacked> {
    const folder = mkdtempSync(join(tmpdir(), "webapp-attacked-"));
    mkdirSync(join(folder, "data"));
    const tls = makeCertificates(folder, "ours");
    const database = await MariaDb.install(folder, tls);
    await database.start();
    await database.query("create database webapp character set utf8mb4");
    await database.query("create user app@'%' identified by 'secret'");
    await database.query("grant all on webapp.* to app@'%'");
    const secrets = await SecretsManager.start({ username: "app", password: "secret" });
    const app = await WebappProcess.start({
      DB_HOST: "127.0.0.1",
      DB_PORT: String(database.port),
      DB_CA_FILE: tls.ca,
      AWS_ENDPOINT_URL: secrets.url,
      ...variables,
    });
    await app.ready();
    return new Attacked(app, database, secrets, folder);
  }

  /** Number of rows and digest of each table: what must not change when nothing may be stored. */
  async content(): Promise<Record<string, string>> {
    const tables = await this.database.query(
      "select table_name as name from information_schema.tables where table_schema = 'webapp'",
    );
    const digests: Record<string, string> = {};
    for (const { name } of tables) {
      const rows = await this.database.query(`select * from webapp.${String(name)}`);
      const digest = createHash("sha256").update(JSON.stringify(rows)).digest("hex");
      digests[String(name)] = `${rows.length} rows, ${digest.slice(0, 16)}`;
    }
    return digests;
  }

  async stop(): Promise<void> {
    await this.app.stop();
    await this.database.kill();
    this.#secrets.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
