import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Certificates } from "../../../twin/certificates.ts";
import { MetadataServer } from "../../../twin/metadata/metadata-server.ts";
import { StateFolder } from "../../../twin/state-folder.ts";
import { MariaDb } from "../database/mariadb.ts";
import { ObjectStore } from "../database/object-store.ts";
import { SecretsManager } from "../database/secrets-manager.ts";

const METADATA = "169.254.169.254";
/** Where the machine sees Secrets Manager, S3 and its database. */
const SECRETS = "169.254.169.253";
const S3 = "169.254.169.251";
const DATABASE = { name: "database.test", address: "169.254.169.252" };

const USER_DATA = [
  "PORT=80",
  `DB_HOST=${DATABASE.name}`,
  "DB_PORT=3306",
  "DB_NAME=webapp",
  "DB_SECRET_ARN=arn:aws:secretsmanager:us-east-1:123456789012:secret:test",
  "AWS_REGION=us-east-1",
  "PHOTOS_BUCKET=pictures",
];

/** What an instance finds around it: its metadata service, its secret, its bucket, its database; each on a loopback port here. */
export class Neighbours {
  readonly database: MariaDb;
  /** Variables of the app that are not in the user data: they say where the test differs from AWS. */
  readonly variables = {
    AWS_ENDPOINT_URL: `http://${SECRETS}`,
    AWS_ENDPOINT_URL_S3: `http://${S3}`,
    DB_CA_FILE: "/etc/ssl/certs/database.pem",
  };
  /** A line for /etc/hosts. */
  readonly host = `${DATABASE.address} ${DATABASE.name}`;
  /** The authority that vouches for the database: a file of this machine. */
  readonly authority: string;
  readonly reaches: Readonly<Record<string, number>>;
  readonly #metadata: MetadataServer;
  readonly #secrets: SecretsManager;
  readonly #objects: ObjectStore;

  private constructor(
    authority: string,
    database: MariaDb,
    metadata: { server: MetadataServer; endpoint: string },
    secrets: SecretsManager,
    objects: ObjectStore,
  ) {
    this.authority = authority;
    this.database = database;
    this.#metadata = metadata.server;
    this.#secrets = secrets;
    this.#objects = objects;
    this.reaches = {
      [`${METADATA}:80`]: Number(new URL(metadata.endpoint).port),
      [`${SECRETS}:80`]: Number(new URL(secrets.url).port),
      [`${S3}:80`]: objects.port,
      [`${DATABASE.address}:3306`]: database.port,
    };
  }

  /** Starts them all but the database, which is installed and away. */
  static async start(folder: string): Promise<Neighbours> {
    const state = new StateFolder(join(folder, "authority"));
    state.create();
    const certificates = new Certificates(state);
    await certificates.prepare();
    const { certificate, key } = await certificates.issue(DATABASE.name);
    const [cert, keyFile] = [join(folder, "database.pem"), join(folder, "database.key")];
    writeFileSync(cert, certificate);
    writeFileSync(keyFile, key);
    mkdirSync(join(folder, "data"));
    const tls = { ca: state.caCertificate, cert, key: keyFile };
    const database = await MariaDb.install(folder, tls);

    const server = new MetadataServer({
      account: "123456789012",
      region: "us-east-1",
      id: "i-00000000000000001",
      state: "running",
      imageId: "ami-00000000000000001",
      userData: Buffer.from(USER_DATA.join("\n")).toString("base64"),
      roleName: "webapp",
      privateIp: "169.254.169.15",
      subnetId: null,
      availabilityZone: "us-east-1a",
      launchTime: "2026-01-01T00:00:00.000Z",
      tags: {},
      autoScalingGroup: null,
    });
    const metadata = { server, endpoint: await server.open() };
    const secrets = await SecretsManager.start({ username: "app", password: "selinux" });
    return new Neighbours(state.caCertificate, database, metadata, secrets, await ObjectStore.start());
  }

  /** The database comes up, with an empty schema and a user for the app. */
  async startDatabase(): Promise<void> {
    await this.database.start();
    await this.database.query("create database if not exists webapp character set utf8mb4");
    await this.database.query("create user if not exists app@'%' identified by 'selinux'");
    await this.database.query("grant all on webapp.* to app@'%'");
  }

  async end(): Promise<void> {
    await this.database.kill();
    this.#metadata.close();
    this.#secrets.stop();
    this.#objects.stop();
  }
}
