import { createServer } from "node:net";
import { expect, test } from "@jest/globals";
import { databaseAddress, freeAddress } from "../../../twin/database/address.ts";
import { applicable, serverOptions, setStatements } from "../../../twin/database/parameters.ts";
import { createStatements, identifier, literal, passwordStatement } from "../../../twin/database/sql.ts";
import { listen } from "../../../twin/ports.ts";
import { database } from "../worlds.ts";

test("a database's address is its own loopback address, the same each time and never 127.0.0.1", () => {
  const addresses = Array.from({ length: 500 }, (_, index) => databaseAddress(`db-${index}`));
  expect(new Set(addresses).size).toBeGreaterThan(495);
  for (const address of addresses) expect(address).toMatch(/^127\.(?!0\.)\d+\.\d+\.(?!0$|255$)\d+$/);
  expect(databaseAddress("db-1")).toBe(addresses[1]);
});

test("a taken address makes way for the next one", async () => {
  const server = createServer();
  const port = await listen(server, 0, databaseAddress("some"));
  expect(await freeAddress("some", port)).toBe(databaseAddress("some", 1));
  server.close();
});

test("a port taken on all addresses is an error that names the process", async () => {
  const server = createServer();
  const port = await listen(server, 0, "0.0.0.0");
  await expect(freeAddress("some", port)).rejects.toThrow(
    new RegExp(`port ${port} is held .* process ${process.pid} `),
  );
  server.close();
});

test("no password and no name breaks out of its quotes", () => {
  expect(literal(`a'b\\c\nd`)).toBe(`'a\\'b\\\\c\\nd'`);
  expect(identifier("a`b")).toBe("`a``b`");
  expect(passwordStatement(database())).toBe(
    `ALTER USER 'master'@'%' IDENTIFIED BY 'it\\'s a \\\\ secret';\n`,
  );
});

test("the master user may grant all it has, but is no SUPER and reads no files", () => {
  const sql = createStatements(database());
  expect(sql).toContain("CREATE DATABASE IF NOT EXISTS `app`;");
  expect(sql).toContain("ON *.* TO 'master'@'%' WITH GRANT OPTION;");
  expect(sql).not.toMatch(/SUPER|FILE|SHUTDOWN|ALL PRIVILEGES/);
  expect(createStatements(database({ dbName: null }))).not.toContain("CREATE DATABASE");
});

test("only parameters that both servers know are applied, formulas of RDS are not", () => {
  const sorted = applicable({
    require_secure_transport: "1",
    time_zone: "Europe/Berlin",
    max_connections: "{DBInstanceClassMemory/12582880}",
    caching_sha2_password_auto_generate_rsa_keys: "ON",
    wait_timeout: "1; DROP DATABASE app",
  });
  expect(sorted.ignored).toEqual([
    "max_connections",
    "caching_sha2_password_auto_generate_rsa_keys",
    "wait_timeout",
  ]);
  expect(serverOptions(sorted)).toEqual(["--require-secure-transport=1", "--time-zone=Europe/Berlin"]);
  expect(setStatements(sorted)).toBe(
    "SET GLOBAL require_secure_transport = 1;\nSET GLOBAL time_zone = 'Europe/Berlin';\n",
  );
});
