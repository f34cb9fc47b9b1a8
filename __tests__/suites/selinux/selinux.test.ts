/**
 * The image that the playbook makes, booted in QEMU with SELinux enforcing. It takes minutes: QEMU emulates the
 * processor in software, because machines that CI runs on have no KVM to give. It is one bake, two disks and two
 * boots; the first run also downloads a Debian, which is kept below .webstead/.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import { freePort } from "../../../twin/ports.ts";
import { picture } from "../../../webapp/test/photos/pictures.ts";
import { until } from "../database/wait.ts";
import { makeDisk, prepare, removeModule } from "./disk.ts";
import { Guest } from "./guest.ts";
import { Neighbours } from "./neighbours.ts";
import { bake, baseSystem } from "./root-file-system.ts";
import { visitedTogether } from "./visitors.ts";

jest.setTimeout(480_000);

/** Seconds to the first 200, on a machine that is busy with other things too. */
const BOOT = 180;
/** Seconds until the app has its secret and its schema, on such a machine. */
const READY = 180;
const root = join(import.meta.dirname, "../../..");
const folder = mkdtempSync(join(tmpdir(), "webapp-selinux-"));
const image = join(folder, "image");
const guests: Guest[] = [];
let neighbours: Neighbours;
let guest: Guest;
let url: string;

beforeAll(async () => {
  neighbours = await Neighbours.start(folder);
  await bake(root, await baseSystem(root, join(root, ".webstead/selinux")), image);
  const authority = { from: neighbours.authority, to: neighbours.variables.DB_CA_FILE };
  await prepare(image, { ...neighbours, authority });
  [guest, url] = await boot("confined");
});

afterAll(async () => {
  await Promise.all(guests.map((each) => each.end()));
  await neighbours?.end();
  rmSync(folder, { recursive: true, force: true });
});

/** Makes a disk of the image as it is now and switches a machine on. */
async function boot(name: string): Promise<[Guest, string]> {
  const own = join(folder, name);
  mkdirSync(own);
  const bootable = await makeDisk(image, join(own, "disk"));
  const httpPort = await freePort();
  const machine = new Guest({ folder: own, ...bootable, httpPort, reaches: neighbours.reaches });
  guests.push(machine);
  return [machine, `http://127.0.0.1:${httpPort}`];
}

async function ask(method: string, path: string, body?: object | URLSearchParams) {
  const json = body !== undefined && !(body instanceof URLSearchParams);
  const response = await fetch(url + path, {
    method,
    redirect: "manual",
    signal: AbortSignal.timeout(60_000),
    ...(body && { body: json ? JSON.stringify(body) : (body as URLSearchParams) }),
    ...(json && { headers: { "content-type": "application/json" } }),
  }).catch((error: unknown) => {
    throw new Error(`${method} ${path} got no answer`, { cause: error });
  });
  return { status: response.status, text: await response.text() };
}

const status = async (method: string, path: string, body?: object) => (await ask(method, path, body)).status;

/** Waits for a 200. @throws Error with what the machine told last if there is none in so many seconds */
async function answers(path: string, seconds: number): Promise<void> {
  await until(`${path} answers 200`, async () => (await status("GET", path)) === 200, seconds).catch(
    (error) => {
      const told = [...guest.console.split("\n").slice(-5), ...guest.report()].join("\n");
      throw new Error(`${error.message}; the machine told:\n${told}`, { cause: error.cause });
    },
  );
}

/** What the kernel denied to the app's domains, by the name of the process. */
const denials = (by: (command: string) => boolean) =>
  guest.console
    .split("\n")
    .filter((line) => /avc: +denied/.test(line) && /context=\S*:webapp_\w+:/.test(line))
    .filter((line) => by(/ comm="([^"]*)"/.exec(line)?.[1] ?? ""));

test("the image boots with SELinux enforcing and answers 200 on port 80 while its database is away", async () => {
  await answers("/healthz", BOOT);
  expect(await status("GET", "/readyz")).toBe(503);
  expect(await ask("GET", "/")).toMatchObject({
    status: 503,
    text: expect.stringContaining("The database does not answer"),
  });
  for (const path of ["/api/entries", "/api/entries/1", "/entries/1/edit"]) {
    expect([path, await status("GET", path)]).toEqual([path, 503]);
  }
  expect(await status("GET", "/nowhere")).toBe(404);
  expect(await status("GET", "/api/nowhere")).toBe(404);
  expect(await status("POST", "/api/entries", { text: "" })).toBe(400);
});

test("with its database, found by name and verified, every route does its work", async () => {
  await neighbours.startDatabase();
  await answers("/readyz", READY);
  const added = await ask("POST", "/api/entries", { text: "confined" });
  expect(added.status).toBe(201);
  const { id } = JSON.parse(added.text);
  expect(await status("GET", `/api/entries/${id}`)).toBe(200);
  expect(await status("PUT", `/api/entries/${id}`, { text: "changed" })).toBe(200);
  expect(await ask("GET", "/")).toMatchObject({ status: 200, text: expect.stringContaining("changed") });
  expect(await status("GET", `/entries/${id}/edit`)).toBe(200);
  expect(await status("POST", `/entries/${id}`, new URLSearchParams({ text: "by form" }))).toBe(303);
  expect(await status("POST", "/entries", new URLSearchParams({ text: "second" }))).toBe(303);
  expect(await status("POST", `/entries/${id}/delete`, new URLSearchParams())).toBe(303);
  expect(JSON.parse((await ask("GET", "/api/entries")).text).entries).toMatchObject([{ text: "second" }]);
  expect(await status("DELETE", `/api/entries/${id}`)).toBe(404);
  expect(await visitedTogether(url, { visitors: 6, rounds: 5 })).toEqual(new Set([200]));
});

test("a photo is decoded by a library of the release, kept and shown", async () => {
  const ada = { name: "Ada", jobTitle: "Analyst", location: "London" };
  const { id } = JSON.parse((await ask("POST", "/api/employees", ada)).text);
  const body = new Uint8Array(await picture("jpeg", 200, 100));
  const signal = AbortSignal.timeout(120_000);
  const put = await fetch(`${url}/api/employees/${id}/photo`, { method: "PUT", body, signal });
  const answer = (await put.json()) as { photo?: string };
  expect([put.status, answer]).toMatchObject([200, { photo: expect.any(String) }]);
  const shown = await ask("GET", `/photos/${answer.photo}/small`);
  expect([shown.status, shown.text.slice(8, 12)]).toEqual([200, "WEBP"]);
  expect(await status("DELETE", `/api/employees/${id}`)).toBe(204);
});

test("SELinux enforces, and the app runs in its own domain", async () => {
  await until("the machine reports", () => guest.report().length > 0, 60);
  expect(guest.report()).toContain("mode: Enforcing");
  expect(guest.report().filter((part) => part.startsWith("process: "))).toEqual([
    expect.stringMatching(/^process: system_u:system_r:webapp_t:s0 \S+\/bin\/node \S+\/app\/server\.mjs/),
  ]);
});

test("root in the app's domain and outside of the unit's sandbox gets nothing that the app does not need", async () => {
  const attempts = () => guest.report().filter((part) => part.startsWith("intruder: "));
  await until("all attempts are reported", () => attempts().length >= 10, 60);
  expect(
    attempts()
      .map((part) => part.slice("intruder: ".length))
      .sort(),
  ).toEqual([
    "change its environment: EACCES",
    "change its own program: EACCES",
    "leave a program behind: EACCES",
    "listen on another port: EACCES",
    "look for a name: EAI_AGAIN",
    "read its own program: done",
    "read the passwords of the system: EACCES",
    "send mail: EACCES",
    "shorten its log: EACCES",
    "start a shell: EACCES",
  ]);
});

test("during all of that nothing was denied to the app, only to the intruder", () => {
  expect(denials((command) => command === "intruder").length).toBeGreaterThan(5);
  expect(denials((command) => command !== "intruder")).toEqual([]);
});

test("without the module the same image does not serve", async () => {
  await guest.end();
  await removeModule(image);
  [guest, url] = await boot("bare");
  const killed = /avc: +denied +\{ execmem \}.* comm="(node|MainThread)"/;
  await until("V8 is kept from compiling", () => killed.test(guest.console), BOOT);
  await expect(fetch(`${url}/healthz`, { signal: AbortSignal.timeout(5000) })).rejects.toThrow();
});
