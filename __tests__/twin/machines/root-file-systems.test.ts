import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { RootFileSystems } from "../../../twin/machines/root-file-systems.ts";
import { StateFolder } from "../../../twin/state-folder.ts";
import type { Image } from "../../../twin/world.ts";

let folder: string;
let roots: RootFileSystems;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "roots-"));
  mkdirSync(join(folder, "system/etc"), { recursive: true });
  writeFileSync(join(folder, "system/etc/name"), "it");
  roots = new RootFileSystems(new StateFolder(join(folder, "state")));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const add = () => roots.add("ami-1", join(folder, "system"));
const image = (id: string): Image => ({
  id,
  account: "123456789012",
  region: "eu-central-1",
  name: id,
  state: "available",
  tags: {},
});

test("a folder is copied for its image, and the source stays", async () => {
  await add();
  expect(readFileSync(join(roots.folder("ami-1") ?? "", "etc/name"), "utf8")).toBe("it");
  expect(existsSync(join(folder, "system/etc/name"))).toBe(true);
  expect(roots.folder("ami-2")).toBeUndefined();
});

test("an id that leads elsewhere is refused", async () => {
  await expect(roots.add("../x", join(folder, "system"))).rejects.toThrow(/an image id is/);
  expect(roots.folder("../../etc")).toBeUndefined();
});

test("a source that is not there is one line", async () => {
  await expect(roots.add("ami-1", join(folder, "nothing"))).rejects.toThrow(/nothing cannot be copied/);
});

test("a deregistered image's is deleted once no instance runs on it", async () => {
  await add();
  roots.forget([], new Set());
  expect(roots.folder("ami-1")).toBeDefined();
  roots.forget([image("ami-1")], new Set());
  roots.forget([], new Set(["ami-1"]));
  expect(roots.folder("ami-1")).toBeDefined();
  roots.forget([], new Set());
  expect(roots.folder("ami-1")).toBeUndefined();
});

test("what an earlier daemon had begun to delete is deleted", async () => {
  const begun = join(folder, "state/root-file-systems/ami-2.removed/etc");
  mkdirSync(begun, { recursive: true });
  await add();
  await roots.finishRemovals();
  expect(existsSync(begun)).toBe(false);
  expect(roots.folder("ami-1")).toBeDefined();
});
