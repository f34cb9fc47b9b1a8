import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterEach, expect, test } from "@jest/globals";
import { assemble } from "../../../cli/release/build.ts";
import { contentKey, folderCommit } from "../../../cli/release/source/content.ts";
import { provideApp } from "../../../cli/release/source/provide.ts";
import { carriedByTests } from "./carried.ts";
import { commitAll } from "./small-app.ts";

const root = join(import.meta.dirname, "../../..");
const copies: string[] = [];

afterEach(() => {
  for (const copy of copies.splice(0)) rmSync(copy, { recursive: true });
});

/** The parts of the checkout that a release is made of, in a folder of another depth, with another order and times. */
function copyOfCheckout(name: string): string {
  const copy = mkdtempSync(join(tmpdir(), "release-"));
  copies.push(copy);
  const checkout = join(copy, name);
  for (const folder of ["webapp", "cli/release"]) {
    cpSync(join(root, folder), join(checkout, folder), {
      recursive: true,
      filter: (path) => !path.endsWith("node_modules"),
    });
  }
  cpSync(join(root, "package.json"), join(checkout, "package.json"));
  symlinkSync(join(root, "node_modules"), join(checkout, "node_modules"));
  return checkout;
}

test("two checkouts in different places give the same bytes, without their paths or their environment", async () => {
  const carried = await carriedByTests();
  const places = [copyOfCheckout("a"), copyOfCheckout("deeper/and/longer")];
  const archives = await Promise.all(
    places.map(async (place) => assemble(place, (await provideApp(place)).app, carried, { commit: "c" })),
  );
  expect(archives[0]?.equals(archives[1] as Buffer)).toBe(true);

  const content = gunzipSync(archives[0] as Buffer).toString("latin1");
  for (const file of ["rds-ca.pem", "views/layout.eta", "assets/app.css"]) expect(content).toContain(file);
  for (const own of [...places, root, tmpdir(), homedir()]) expect(content).not.toContain(`${own}/`);
  expect(content).not.toMatch(/AKIA[A-Z0-9]{16}|BEGIN [A-Z ]*PRIVATE KEY-----\n/);
}, 60_000);

test("a release names the last commit of webapp/, and says when webapp/ differs from it", async () => {
  const checkout = copyOfCheckout("a");
  expect(await folderCommit(join(checkout, "webapp"))).toBe("unversioned");
  const commit = await commitAll(checkout, "webapp");
  expect(await folderCommit(join(checkout, "webapp"))).toBe(commit);
  writeFileSync(join(checkout, "unrelated"), "");
  expect(await folderCommit(join(checkout, "webapp"))).toBe(commit);
  writeFileSync(join(checkout, "webapp/src/new.ts"), "");
  expect(await folderCommit(join(checkout, "webapp"))).toBe(`${commit}-dirty`);
});

test("whatever changes a release changes its key, and nothing else does", async () => {
  const checkout = copyOfCheckout("a");
  const key = () => contentKey(checkout, join(checkout, "webapp"), "x64");
  const before = await key();
  mkdirSync(join(checkout, "docs"));
  writeFileSync(join(checkout, "docs/page.md"), "");
  writeFileSync(join(checkout, "webapp/test/new.test.ts"), "");
  expect(await key()).toBe(before);
  expect(await contentKey(checkout, join(checkout, "webapp"), "arm64")).not.toBe(before);
  const seen = new Set([before]);
  for (const path of [
    "webapp/src/a.ts",
    "webapp/views/a.eta",
    "webapp/assets/a.css",
    "webapp/migrations/a.ts",
    "cli/release/a.ts",
  ]) {
    writeFileSync(join(checkout, path), "x");
    seen.add(await key());
  }
  writeFileSync(join(checkout, "webapp/package.json"), "{}");
  seen.add(await key());
  expect(seen.size).toBe(7);
});
