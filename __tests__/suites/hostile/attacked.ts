import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeCertificates } from "../database/certificates.ts";
import { MariaDb } from "../database/mariadb.ts";
import { ObjectStore } from "../database/object-store.ts";
import { SecretsManager } from "../database/secrets-manager.ts";
import { WebappProcess } from "../database/webapp-process.ts";

/** Bucket of the photos. */
const BUCKET = "pictures";

/** The web app as a process, with a real database and a store of photos whose content can be compared. */
export class Attacked {
  readonly app: WebappProcess;
  readonly database: MariaDb;
  readonly #store: ObjectStore;
  readonly #secrets: SecretsManager;
  readonly #folder: string;

  private constructor(
    app: WebappProcess,
    around: { database: MariaDb; store: ObjectStore; secrets: SecretsManager; folder: string },
  ) {
    this.app = app;
    this.database = around.database;
    this.#store = around.store;
    this.#secrets = around.secrets;
    this.#folder = around.folder;
  }

  /** Starts them all and waits until the app is ready. */
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
    const store = await ObjectStore.start();
    const app = await WebappProcess.start({
      DB_HOST: "127.0.0.1",
      DB_PORT: String(database.port),
      DB_CA_FILE: tls.ca,
      AWS_ENDPOINT_URL: secrets.url,
      AWS_ENDPOINT_URL_S3: store.url,
      PHOTOS_BUCKET: BUCKET,
      ...variables,
    });
    await app.ready();
    return new Attacked(app, { database, store, secrets, folder });
  }

  /** Makes an employee of this id, with a photo of this name. */
  async hire(id: string, photo: string, data: Buffer): Promise<void> {
    const row = `'${id}', 'Ada Attacked', 'Analyst', 'London', 'ada@example.com', '${photo}', now(3), now(3)`;
    await this.database.query(`insert into webapp.employees values (${row})`);
    for (const variant of ["large", "small"])
      this.#store.put(`/${BUCKET}/photos/${photo}/${variant}.webp`, data);
  }

  /** The objects of a photo, by variant. */
  photo(name: string): Record<string, Buffer> {
    const folder = `/${BUCKET}/photos/${name}/`;
    const own = [...this.#store.objects].filter(([path]) => path.startsWith(folder));
    return Object.fromEntries(own.map(([path, data]) => [path.slice(folder.length), data]));
  }

  /** How many objects there are, of whatever photo. */
  get objects(): number {
    return this.#store.objects.size;
  }

  /**
   * Number of rows and digest of each table, and of the objects of the photos: what must not change when nothing may be
   * stored.
   */
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
    const objects = createHash("sha256");
    for (const [path, data] of this.#store.objects) objects.update(`${path} ${data.length}\n`).update(data);
    digests.photos = `${this.objects} objects, ${objects.digest("hex").slice(0, 16)}`;
    return digests;
  }

  async stop(): Promise<void> {
    await this.app.stop();
    await this.database.kill();
    this.#secrets.stop();
    this.#store.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
