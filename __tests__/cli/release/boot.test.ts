import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { execa } from "execa";
import { readUserData } from "../../../cli/release/boot/metadata.ts";
import { toEnvironmentFile } from "../../../cli/release/boot/user-data.ts";
import { bundle } from "../../../cli/release/bundle.ts";
import { type MetadataService, startMetadataService } from "./metadata-service.ts";

const root = join(import.meta.dirname, "../../..");
const program = mkdtempSync(join(tmpdir(), "boot-program-"));
let folder: string;
let service: MetadataService | undefined;

beforeAll(async () => {
  const { data } = await bundle(root, "cli/release/boot/main.ts");
  writeFileSync(join(program, "boot.mjs"), data);
});

afterAll(() => rmSync(program, { recursive: true }));

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "boot-"));
});

afterEach(async () => {
  await service?.stop();
  service = undefined;
  rmSync(folder, { recursive: true });
});

async function boot(userData: string | undefined, busy = 0) {
  service = await startMetadataService(userData, busy);
  const env = { AWS_EC2_METADATA_SERVICE_ENDPOINT: service.url };
  const args = [join(program, "boot.mjs"), join(folder, "environment")];
  return execa(process.execPath, args, { env, extendEnv: false, reject: false });
}

test("the user data becomes the environment file, with a session token", async () => {
  const { exitCode, stderr } = await boot("PORT=80\n\nDB_HOST=db.example\r\nDB_NAME=webapp");
  expect([exitCode, stderr]).toEqual([0, ""]);
  expect(readFileSync(join(folder, "environment"), "utf8")).toBe(
    "PORT=80\nDB_HOST=db.example\nDB_NAME=webapp\n",
  );
  expect(statSync(join(folder, "environment")).mode & 0o777).toBe(0o644);
  expect(readdirSync(folder)).toEqual(["environment"]);
  expect(service?.requests).toEqual(["PUT /latest/api/token", "GET /latest/user-data"]);
});

test("an earlier environment file is replaced by good user data and survives bad", async () => {
  writeFileSync(join(folder, "environment"), "PORT=1\n");
  expect((await boot("PORT=80\nrm -rf /")).exitCode).toBe(1);
  expect(readFileSync(join(folder, "environment"), "utf8")).toBe("PORT=1\n");
  await service?.stop();
  expect((await boot("PORT=80")).exitCode).toBe(0);
  expect(readFileSync(join(folder, "environment"), "utf8")).toBe("PORT=80\n");
  expect(readdirSync(folder)).toEqual(["environment"]);
});

test("a service that is not up yet is asked again", async () => {
  expect((await boot("PORT=80", 2)).exitCode).toBe(0);
});

test("an instance without user data fails with one line", async () => {
  const { exitCode, stderr } = await boot(undefined);
  expect([exitCode, stderr]).toEqual([1, "boot: metadata service: this instance has no /latest/user-data"]);
});

test("without the file's name it says how to call it", async () => {
  const { exitCode, stderr } = await execa(process.execPath, [join(program, "boot.mjs")], { reject: false });
  expect([exitCode, stderr]).toEqual([1, "boot: usage: node boot.mjs <environment-file>"]);
});

test("the patience with a silent service ends", async () => {
  const silent = await startMetadataService("PORT=80");
  await silent.stop();
  const asked = readUserData({ endpoint: silent.url, patience: 250 });
  await expect(asked).rejects.toThrow(
    `metadata service: no answer from ${silent.url} in 0.25 s (ECONNREFUSED)`,
  );
});

test.each([
  ["PORT=80\n#!/bin/sh", "line 2 is not KEY=value"],
  ["export PORT=80", "line 1 is not KEY=value"],
  ["PORT = 80", "line 1 is not KEY=value"],
  ['NAME="quoted"', "line 1 is not KEY=value"],
  ["NAME=$(reboot)", "line 1 is not KEY=value"],
  ["name=x", "line 1 is not KEY=value"],
  ["PORT=80\nPORT=81", "line 2 sets PORT again"],
  ["\n \n", "no KEY=value line"],
])("user data %j is refused", (userData, message) => {
  expect(() => toEnvironmentFile(userData)).toThrow(message);
});

test("a refused line is not quoted: it may hold what should never have been there", () => {
  expect(() => toEnvironmentFile("PASSWORD='canary'")).not.toThrow("canary");
});
