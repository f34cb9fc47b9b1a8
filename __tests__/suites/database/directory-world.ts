import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Kysely } from "kysely";
import { MIGRATIONS } from "../../../webapp/migrations/all.ts";
import { connectDatabase } from "../../../webapp/src/database/connect.ts";
import { migrate } from "../../../webapp/src/database/migrate.ts";
import { CachedSecret } from "../../../webapp/src/database/secret.ts";
import type { Tables } from "../../../webapp/src/database/tables.ts";
import { dynamoEmployees } from "../../../webapp/src/employees/dynamodb.ts";
import { mysqlEmployees } from "../../../webapp/src/employees/mysql.ts";
import type { EmployeeStore } from "../../../webapp/src/employees/store.ts";
import { Aws } from "./aws-api.ts";
import { type Certificates, makeCertificates } from "./certificates.ts";
import { FaultyProxy } from "./faulty-proxy.ts";
import { MariaDb } from "./mariadb.ts";

/** Where a directory may be kept. */
export const PLACES = ["MariaDB", "DynamoDB"] as const;
export type Place = (typeof PLACES)[number];

const credentials = { username: "app", password: "not-a-secret-here" };

/** A database and the AWS API, with an empty directory in each. */
export class DirectoryWorld {
  readonly secret = credentials;
  readonly folder: string;
  readonly tls: Certificates;
  readonly database: MariaDb;
  readonly db: Kysely<Tables>;
  readonly aws: Aws;
  /** Between the stores and the AWS API. */
  readonly proxy: FaultyProxy;
  readonly stores: Readonly<Record<Place, EmployeeStore>>;

  private constructor(world: Omit<DirectoryWorld, "secret" | "noted" | "age" | "clear" | "stop">) {
    this.folder = world.folder;
    this.tls = world.tls;
    this.database = world.database;
    this.db = world.db;
    this.aws = world.aws;
    this.proxy = world.proxy;
    this.stores = world.stores;
  }

  static async start(): Promise<DirectoryWorld> {
    const folder = mkdtempSync(join(tmpdir(), "directory-"));
    mkdirSync(join(folder, "data"));
    const tls = makeCertificates(folder, "ours");
    const database = await MariaDb.install(folder, tls);
    const [aws] = await Promise.all([Aws.start(folder), database.start()]);
    await database.query("create database webapp character set utf8mb4");
    await database.query(`create user app@'%' identified by '${credentials.password}'`);
    await database.query("grant all on webapp.* to app@'%'");
    const address = { host: "127.0.0.1", port: database.port, name: "webapp", caFile: tls.ca };
    const secret = new CachedSecret(async () => credentials);
    const db = connectDatabase(address, secret, { connections: 5, queryTimeout: 5000 });
    await migrate(db, MIGRATIONS);

    const proxy = await FaultyProxy.start(aws.port);
    // biome-ignore lint/style/noProcessEnv: what the app's AWS clients are told by their environment
    Object.assign(process.env, awsVariables(proxy));
    const stores = {
      MariaDB: mysqlEmployees(db),
      DynamoDB: dynamoEmployees(aws.table, "us-east-1"),
    };
    return new DirectoryWorld({ folder, tls, database, db, aws, proxy, stores });
  }

  /** Names in the ledger of photos. */
  async noted(place: Place): Promise<string[]> {
    if (place === "MariaDB") {
      const rows = await this.database.query("select name from webapp.photo_ledger");
      return rows.map(({ name }) => String(name));
    }
    const ids = await this.aws.items();
    return ids.filter((id) => id.startsWith("photo:")).map((id) => id.slice("photo:".length));
  }

  /** Makes all that the ledger has a day old. */
  async age(place: Place): Promise<void> {
    if (place === "MariaDB")
      await this.database.query("update webapp.photo_ledger set since = since - interval 1 day");
    else for (const name of await this.noted(place)) await this.aws.age(`photo:${name}`);
  }

  async clear(): Promise<void> {
    this.proxy.reset();
    await this.database.query("delete from webapp.employees");
    await this.database.query("delete from webapp.photo_ledger");
    await this.aws.clear();
  }

  async stop(): Promise<void> {
    await this.db.destroy();
    this.proxy.stop();
    await Promise.all([this.aws.stop(), this.database.kill()]);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** What leads an app's AWS clients to the proxy. */
export function awsVariables(proxy: FaultyProxy): Record<string, string> {
  return {
    AWS_ENDPOINT_URL_S3: proxy.url,
    AWS_ENDPOINT_URL_DYNAMODB: proxy.url,
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
  };
}
