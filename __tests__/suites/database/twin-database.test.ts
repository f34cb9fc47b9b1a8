import { X509Certificate } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Connection, createConnection, type RowDataPacket } from "mysql2/promise";
import { Certificates } from "../../../twin/certificates.ts";
import { Databases } from "../../../twin/database/databases.ts";
import { Processes, startTime } from "../../../twin/processes.ts";
import { StateFolder } from "../../../twin/state-folder.ts";
import type { DbInstance } from "../../../twin/world.ts";
import { eventually } from "../../twin/eventually.ts";
import { database, world } from "../../twin/worlds.ts";

const LIMIT_MS = 60_000;
const canary = 'c\'a\\nary "42"';
const lines: string[] = [];
let folder: string;
let state: StateFolder;
let databases: Databases;
let spec: DbInstance = database({ masterPassword: canary, parameters: { require_secure_transport: "1" } });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "database-"));
  state = new StateFolder(folder);
  state.create();
  const certificates = new Certificates(state);
  await certificates.prepare();
  const processes = new Processes(state.ledger);
  databases = new Databases({ state, processes, certificates, log: (line) => lines.push(line) });
});
afterAll(async () => {
  await databases.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Follows the API, which has made this change, until the database has this status. */
async function follow(change: Partial<DbInstance>, status: string): Promise<void> {
  spec = { ...spec, ...change };
  const shown = world({ dbInstances: [spec] });
  databases.reconcile(shown);
  await eventually(
    `the database to be ${status}`,
    () => {
      databases.reconcile(shown);
      return databases.status()[0]?.status === status;
    },
    LIMIT_MS,
  );
}

function where(id = "app") {
  const status = databases.status().find((one) => one.id === id);
  if (status === undefined) throw new Error(`there is no database ${id}`);
  return status;
}

function open(
  options: { id?: string; password?: string; tls?: boolean; ca?: string } = {},
): Promise<Connection> {
  const {
    id = "app",
    password = spec.masterPassword,
    tls = true,
    ca = readFileSync(state.caCertificate, "utf8"),
  } = options;
  const { address, port } = where(id);
  return createConnection({
    host: address,
    port,
    user: spec.masterUsername,
    password,
    database: "app",
    ...(tls ? { ssl: { ca, rejectUnauthorized: true } } : {}),
  });
}

async function rows(sql: string, connection?: Connection): Promise<RowDataPacket[]> {
  const used = connection ?? (await open());
  try {
    return (await used.query<RowDataPacket[]>(sql))[0];
  } finally {
    await used.end();
  }
}

const serverPid = () =>
  Number(readFileSync(state.path("databases/123456789012/eu-central-1/app/pid"), "utf8"));

test(
  "a new instance is a server on an address of its own, with the database and user of the API call",
  async () => {
    await follow({}, "available");
    expect(where()).toMatchObject({
      id: "app",
      port: 3306,
      address: expect.stringMatching(/^127\.(?!0\.0\.1)/),
    });
    expect(await rows("SELECT DATABASE() AS name, CURRENT_USER() AS user")).toEqual([
      { name: "app", user: "master@%" },
    ]);
    await rows("CREATE TABLE entries (text VARCHAR(50))");
    await rows("INSERT INTO entries VALUES ('kept ✓')");
  },
  LIMIT_MS,
);

test("TLS is verified against the twin's CA and the address, and required where the parameter says so", async () => {
  const { address } = where();
  const shown = new X509Certificate(
    readFileSync(state.path("databases/123456789012/eu-central-1/app/server.pem")),
  );
  expect(shown.checkIP(address)).toBe(address);
  expect(await rows("SHOW STATUS LIKE 'Ssl_version'")).toMatchObject([{ Value: "TLSv1.3" }]);
  await expect(open({ tls: false })).rejects.toThrow(/denied|insecure/i);
  const other = new StateFolder(mkdtempSync(join(folder, "other-")));
  await new Certificates(other).prepare();
  await expect(open({ ca: readFileSync(other.caCertificate, "utf8") })).rejects.toThrow(/certificate/);
  await follow({ parameters: { require_secure_transport: "0" } }, "available");
  const plain = await eventually("the parameter to be applied", () =>
    open({ tls: false }).catch(() => undefined),
  );
  await plain.end();
});

test("the master user cannot do what RDS forbids, and root is not reachable over the network", async () => {
  await expect(rows("SELECT LOAD_FILE('/etc/hostname') AS f INTO OUTFILE '/tmp/x'")).rejects.toThrow(
    /denied/i,
  );
  await expect(rows("SET GLOBAL read_only = 1")).rejects.toThrow(/denied/i);
  const { address, port } = where();
  await expect(createConnection({ host: address, port, user: "root" })).rejects.toThrow(
    /denied|not allowed/i,
  );
});

test("the password is in no process argument and no log", () => {
  const command = readFileSync(`/proc/${serverPid()}/cmdline`, "utf8");
  expect(command).toContain("--bind-address");
  for (const text of [command, lines.join("\n"), readFileSync(state.log("app"), "utf8")]) {
    expect(text).not.toContain("ary ");
  }
});

test("a new password is the only one that opens, without a restart", async () => {
  const pid = serverPid();
  const old = spec.masterPassword;
  await follow({ masterPassword: "new one" }, "available");
  const connection = await eventually("the new password to open", () => open().catch(() => undefined));
  await connection.end();
  await expect(open({ password: old })).rejects.toThrow(/denied/);
  expect(serverPid()).toBe(pid);
});

test(
  "a reboot is another process with the same data",
  async () => {
    const pid = serverPid();
    await follow({ restarts: 1 }, "rebooting");
    await follow({}, "available");
    expect(serverPid()).not.toBe(pid);
    expect(startTime(pid)).toBeUndefined();
    expect(await rows("SELECT text FROM entries")).toEqual([{ text: "kept ✓" }]);
  },
  LIMIT_MS,
);

test(
  "a password that was changed by SQL outlives a reboot, and one given to a stopped instance is there at its start",
  async () => {
    await rows("ALTER USER 'master'@'%' IDENTIFIED BY 'by SQL'");
    await follow({ restarts: 2 }, "rebooting");
    await follow({}, "available");
    await (await open({ password: "by SQL" })).end();
    await follow({ desired: "stopped" }, "stopped");
    await follow({ desired: "available", masterPassword: "given meanwhile" }, "available");
    await (await open({ password: "given meanwhile" })).end();
  },
  LIMIT_MS,
);

test(
  "a stopped instance does not answer, and after its start the data is there",
  async () => {
    const { address } = where();
    await follow({ desired: "stopped" }, "stopped");
    await expect(open()).rejects.toMatchObject({ code: "ECONNREFUSED" });
    await follow({ desired: "available" }, "available");
    expect(where().address).toBe(address);
    expect(await rows("SELECT text FROM entries")).toEqual([{ text: "kept ✓" }]);
  },
  LIMIT_MS,
);

test(
  "a killed server is brought back after a few seconds, as RDS does it",
  async () => {
    const pid = serverPid();
    process.kill(pid, "SIGKILL");
    await follow({}, "rebooting");
    await follow({}, "available");
    expect(serverPid()).not.toBe(pid);
    expect(await rows("SELECT text FROM entries")).toEqual([{ text: "kept ✓" }]);
    expect(lines.join("\n")).toContain("the server ended by itself");
  },
  LIMIT_MS,
);

describe("a read replica", () => {
  const replica = () => database({ id: "reader", sourceId: "app", masterPassword: spec.masterPassword });
  let shown = world();

  const readFrom = async (sql: string) => rows(sql, await open({ id: "reader" }));
  async function untilStatus(status: string): Promise<void> {
    await eventually(
      `the replica to be ${status}`,
      () => {
        databases.reconcile(shown);
        return databases.status().some((one) => one.id === "reader" && one.status === status);
      },
      LIMIT_MS,
    );
  }

  test(
    "has what was there before it, and what comes after",
    async () => {
      shown = world({ dbInstances: [spec, replica()] });
      await untilStatus("available");
      await eventually("the old entry", async () => (await readFrom("SHOW TABLES")).length > 0, LIMIT_MS);
      await rows("INSERT INTO entries (text) VALUES ('after')");
      await eventually(
        "the new entry",
        async () => (await readFrom("SELECT text FROM entries WHERE text = 'after'")).length === 1,
        LIMIT_MS,
      );
    },
    LIMIT_MS,
  );

  test("refuses writes", async () => {
    await expect(readFrom("INSERT INTO entries (text) VALUES ('lost')")).rejects.toMatchObject({
      errno: 1290,
    });
  });

  test(
    "gets a new password from its source",
    async () => {
      spec = { ...spec, masterPassword: "another" };
      shown = world({ dbInstances: [spec, replica()] });
      databases.reconcile(shown);
      await eventually(
        "the new password",
        () =>
          readFrom("SELECT 1")
            .then(() => true)
            .catch(() => false),
        LIMIT_MS,
      );
    },
    LIMIT_MS,
  );

  test(
    "promoted, takes writes and follows no more",
    async () => {
      shown = world({ dbInstances: [spec, { ...replica(), sourceId: null }] });
      databases.reconcile(shown);
      await eventually(
        "the promotion",
        () => lines.some((line) => line.startsWith("reader: promoted")),
        LIMIT_MS,
      );
      await readFrom("INSERT INTO entries (text) VALUES ('own')");
      expect(await rows("SELECT text FROM entries WHERE text = 'own'")).toEqual([]);
      databases.reconcile(world({ dbInstances: [spec] }));
    },
    LIMIT_MS,
  );
});

test("what cannot be made real is failed, with a line that says why", async () => {
  const other = database({ id: "other", engine: "postgres", port: 5432 });
  const shown = world({ dbInstances: [spec, other] });
  databases.reconcile(shown);
  await eventually("it to fail", () =>
    databases.reports(shown).some(({ id, status }) => id === "other" && status === "failed"),
  );
  expect(lines).toContain("other: the twin has no postgres, only mysql and mariadb");
});

test(
  "a deleted instance leaves no process and no file",
  async () => {
    const pid = serverPid();
    databases.reconcile(world());
    await eventually("it to be gone", () => databases.status().length === 0, LIMIT_MS);
    expect(startTime(pid)).toBeUndefined();
    expect(existsSync(state.path("databases/123456789012/eu-central-1/app"))).toBe(false);
  },
  LIMIT_MS,
);
