import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { sha256 } from "../../../cli/release/archive.ts";
import { assemble } from "../../../cli/release/build.ts";
import { provideApp } from "../../../cli/release/source/provide.ts";
import { readTarball } from "../../../cli/release/source/tarball.ts";
import { carriedByTests } from "./carried.ts";
import { commitAll, smallApp, tarOf, write } from "./small-app.ts";
import { unpacked } from "./unpacked.ts";

jest.setTimeout(60_000);

const project = join(import.meta.dirname, "../../..");
const place = mkdtempSync(join(tmpdir(), "source-"));
const root = join(place, "checkout");
let folder = "";
let count = 0;

beforeAll(() => {
  mkdirSync(root);
  cpSync(join(project, "package.json"), join(root, "package.json"));
  cpSync(join(project, "cli/release"), join(root, "cli/release"), { recursive: true });
  symlinkSync(join(project, "node_modules"), join(root, "node_modules"));
});
beforeEach(() => {
  folder = join(place, `app-${count++}`);
  mkdirSync(folder);
});
afterAll(() => rmSync(place, { recursive: true }));

async function built(source: Parameters<typeof provideApp>[1]) {
  const { app, commit } = await provideApp(root, source);
  return { commit, files: await unpacked(await assemble(root, app, await carriedByTests(), { commit })) };
}

describe("a git repository", () => {
  test("gives the app of exactly that commit, though its branch has moved on", async () => {
    const commit = await commitAll(write(folder, smallApp));
    await commitAll(write(folder, { "server.mjs": 'console.log("newer");' }));
    for (const git of [folder, `file://${folder}`, `../${folder.split("/").at(-1)}`]) {
      rmSync(join(root, ".webstead"), { recursive: true, force: true });
      const release = await built({ git, commit });
      expect(release.commit).toBe(commit);
      expect(String(release.files["app/server.mjs"])).toContain('"small"');
      expect(String(release.files["views/page.html"])).toBe("<p>small</p>");
    }
  });

  test("is asked once for a commit", async () => {
    const commit = await commitAll(write(folder, { ...smallApp, "only.txt": "here" }));
    await built({ git: folder, commit });
    rmSync(folder, { recursive: true });
    expect((await built({ git: folder, commit })).commit).toBe(commit);
  });

  test("that cannot be reached is named with what git says", async () => {
    await expect(provideApp(root, { git: `${folder}/nowhere`, commit: "0".repeat(40) })).rejects.toThrow(
      `the app in ${folder}/nowhere (${"0".repeat(40)}): git cannot fetch it: fatal: `,
    );
  });

  test("without that commit is named with it", async () => {
    await commitAll(write(folder, smallApp));
    await expect(provideApp(root, { git: folder, commit: "0".repeat(40) })).rejects.toThrow(
      `the app in ${folder} (${"0".repeat(40)}): no branch or tag has that commit; push it, or name another`,
    );
    expect(readdirSync(join(root, ".webstead/sources")).filter((name) => name.includes("."))).toEqual([]);
  });
});

describe("a tarball", () => {
  async function tarball(tar: ReturnType<typeof tarOf>) {
    const bytes = gzipSync(await buffer(tar));
    await writeFile(join(folder, "app.tgz"), bytes);
    return { tarball: join(folder, "app.tgz"), sha256: sha256(bytes) };
  }

  test("gives its app, and its digest is the commit", async () => {
    const source = await tarball(tarOf(smallApp));
    const release = await built(source);
    expect(release.commit).toBe(source.sha256.slice(0, 40));
    expect(String(release.files["app/server.mjs"])).toContain('"small"');
  });

  test("may have one folder around all that is in it", async () => {
    const files = Object.entries(smallApp).map(([path, text]) => [`./app-1.2.3/${path}`, text]);
    const release = await built(await tarball(tarOf(Object.fromEntries(files))));
    expect(Object.keys(release.files)).toContain("views/page.html");
  });

  test("with another digest is refused before it is unpacked", async () => {
    const source = await tarball(tarOf(smallApp));
    await expect(provideApp(root, { ...source, sha256: "0".repeat(64) })).rejects.toThrow(
      `its SHA-256 is ${source.sha256}, not ${"0".repeat(64)}`,
    );
  });

  test.each([
    ["a path that leads out", tarOf({ ...smallApp, "../out.txt": "" }), "../out.txt leads out of it"],
    ["a hidden way out", tarOf({ ...smallApp, "a/../../out.txt": "" }), "leads out of it"],
    ["an absolute path", tarOf({ ...smallApp, "/tmp/out.txt": "" }), "/tmp/out.txt leads out of it"],
    [
      "a link",
      tarOf(smallApp, { name: "views", type: "symlink", linkname: "/etc" }),
      "views is a symlink: only files may be in it",
    ],
    [
      "a hard link",
      tarOf(smallApp, { name: "passwd", type: "link", linkname: "/etc/passwd" }),
      "passwd is a link: only files may be in it",
    ],
  ])("with %s is refused", async (_, tar, message) => {
    await expect(provideApp(root, await tarball(tar))).rejects.toThrow(message);
    expect(existsSync(join(root, ".webstead/out.txt"))).toBe(false);
  });

  test("that is none is said to be none", async () => {
    await writeFile(join(folder, "app.tgz"), "text");
    await expect(
      provideApp(root, { tarball: join(folder, "app.tgz"), sha256: sha256("text") }),
    ).rejects.toThrow("it cannot be unpacked: incorrect header check");
  });

  test("comes by https too, and what the server answers instead is told", async () => {
    const url = "https://example.com/app.tgz";
    expect(String(await readTarball(url, sha256("bytes"), async () => new Response("bytes")))).toBe("bytes");
    await expect(
      readTarball(url, sha256("bytes"), async () => new Response("", { status: 404 })),
    ).rejects.toThrow("it cannot be read: the server answers 404");
  });
});

describe("a folder", () => {
  test("elsewhere is built from a copy, with the packages of its own lock file, and stays as it is", async () => {
    write(folder, {
      ...smallApp,
      "package-lock.json":
        '{ "name": "small", "version": "1.2.3", "lockfileVersion": 3, "packages": { "": { "name": "small", "version": "1.2.3" } } }',
      "node_modules/own/index.js": "",
    });
    const before = readdirSync(folder, { recursive: true });
    const release = await built({ folder });
    expect(release.commit).toBe("unversioned");
    expect(String(release.files["app/server.mjs"])).toContain('"small"');
    expect(readdirSync(folder, { recursive: true })).toEqual(before);
  });

  test("with a package that it does not bring is refused, though this checkout has it", async () => {
    write(folder, { ...smallApp, "server.mjs": 'import { execa } from "execa"; execa("date");' });
    await expect(built({ folder })).rejects.toThrow(
      "server.mjs imports execa, which is no dependency in the app's package.json: run npm install execa in its folder",
    );
  });

  test.each<[string, Record<string, string>, string]>([
    ["no package.json", { "server.mjs": "" }, "no package.json; an app must have one"],
    ["a package.json that is none", { "package.json": "{", "server.mjs": "" }, "package.json is not JSON: "],
    [
      "no version",
      { "package.json": '{ "name": "small" }', "server.mjs": "" },
      "package.json must have a name and a version",
    ],
    [
      "no server",
      { "package.json": smallApp["package.json"] },
      "no server entry point; it must have src/server.ts or src/server.mjs or server.mjs",
    ],
    [
      "a program that is not there",
      {
        "server.mjs": "",
        "package.json": '{ "name": "s", "version": "1", "webstead": { "programs": ["a.mjs"] } }',
      },
      'webstead.programs in package.json must be paths of programs that are there, got ["a.mjs"]',
    ],
    [
      "dependencies and no lock file",
      {
        "server.mjs": "",
        "package.json": '{ "name": "s", "version": "1", "dependencies": { "execa": "1" } }',
      },
      "dependencies but no package-lock.json; run npm install in its folder, and keep the file",
    ],
  ])("with %s is refused", async (_, files, message) => {
    await expect(provideApp(root, { folder: write(folder, files) })).rejects.toThrow(message);
  });

  test.each(["/etc/hostname", "/etc", "../../..", "."])("with a link to %s is refused", async (target) => {
    write(folder, smallApp);
    symlinkSync(target, join(folder, "views/name"));
    await expect(provideApp(root, { folder })).rejects.toThrow(
      "views/name is a link that leads out of the app or to a folder; put files in its place",
    );
  });

  test("with a link to another file of its own is built with that file", async () => {
    write(folder, smallApp);
    symlinkSync("page.html", join(folder, "views/other.html"));
    expect(String((await built({ folder })).files["views/other.html"])).toBe("<p>small</p>");
  });

  test("that is not there is named", async () => {
    await expect(provideApp(root, { folder: "../nowhere" })).rejects.toThrow(
      `the app in ../nowhere: there is no folder ${join(place, "nowhere")}; see app.source`,
    );
  });
});
