import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { makeCertificates } from "../../__tests__/suites/database/certificates.ts";
import { MariaDb } from "../../__tests__/suites/database/mariadb.ts";

/** Rows that are there before anybody writes, with the ids from 1 on. */
const ROWS = 1000;

/** An employee, in words that need no escaping. */
export interface EmployeeRow {
  readonly id: string;
  readonly name: string;
  readonly jobTitle: string;
  readonly location: string;
  readonly email: string;
}

/** The MariaDB that all who are compared share, over TLS. */
export class BenchDatabase {
  readonly host = "127.0.0.1";
  readonly port: number;
  readonly name = "webapp";
  readonly user = "bench";
  readonly password = "not-a-secret";
  /** PEM file of the authority that vouches for it. */
  readonly caFile: string;
  readonly #server: MariaDb;

  private constructor(server: MariaDb, caFile: string) {
    this.#server = server;
    this.port = server.port;
    this.caFile = caFile;
  }

  /** Makes and starts one in a folder; its schema is empty. */
  static async start(folder: string): Promise<BenchDatabase> {
    mkdirSync(join(folder, "data"), { recursive: true });
    const certificates = makeCertificates(folder, "bench");
    const server = await MariaDb.install(folder, certificates);
    await server.start();
    const database = new BenchDatabase(server, certificates.ca);
    const { name, user, password } = database;
    // Commits do not wait for the disk, as on the twin: it is not the disk that is measured.
    await server.query("set global innodb_flush_log_at_trx_commit = 2");
    await server.query(`create database ${name} character set utf8mb4`);
    await server.query(`create user ${user}@'%' identified by '${password}'`);
    await server.query(`grant all on ${name}.* to ${user}@'%'`);
    return database;
  }

  /** Puts rows into the table, which the app has made. */
  async fill(): Promise<void> {
    await this.#server.query(
      `insert into ${this.name}.entries (text, created_at, updated_at)
        select concat('Entry ', seq, ': <b>Grüße & "more"</b>', repeat(' word', 1 + seq % 12)),
          '2026-01-01' + interval seq minute, '2026-01-01' + interval seq * if(seq % 5 = 0, 2, 1) minute
        from ${this.name}.seq_1_to_${ROWS} order by seq`,
    );
  }

  /** Takes away what was written since. */
  async reset(): Promise<void> {
    await this.#server.query(`delete from ${this.name}.entries where id > ${ROWS}`);
  }

  /** Puts these employees, and nobody else, into the directory's table. */
  async resetEmployees(employees: readonly EmployeeRow[], time: string): Promise<void> {
    const at = `'${time.replace("T", " ").replace("Z", "")}'`;
    const rows = employees.map(
      ({ id, name, jobTitle, location, email }) =>
        `('${id}', '${name}', '${jobTitle}', '${location}', '${email}', null, ${at}, ${at})`,
    );
    await this.#server.query(`truncate table ${this.name}.employees`);
    await this.#server.query(`insert into ${this.name}.employees values ${rows.join(", ")}`);
  }

  /** The texts of the newest rows, the newest first. */
  async newestTexts(count: number): Promise<string[]> {
    const rows = await this.#server.query(
      `select text from ${this.name}.entries order by id desc limit ${count}`,
    );
    return rows.map(({ text }) => String(text));
  }

  /** The server's own word for its version. */
  async version(): Promise<string> {
    const [row] = await this.#server.query("select version() as version");
    return String(row?.version);
  }

  stop(): Promise<void> {
    return this.#server.kill();
  }
}
