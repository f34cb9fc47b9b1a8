import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { execa } from "execa";
import { archivePart, sha256 } from "../../../cli/release/archive.ts";

const file = (path: string, content: string, executable = false) => ({
  path,
  data: Buffer.from(content),
  executable,
});

test("the order in which files are given does not matter", async () => {
  const files = [file("b", "2"), file("a/z", "1"), file("c", "3", true)];
  const [one, two] = await Promise.all([
    archivePart(files, { last: true }),
    archivePart(files.toReversed(), { last: true }),
  ]);
  expect(sha256(one)).toBe(sha256(two));
});

test("parts behind each other are one archive for tar", async () => {
  const folder = mkdtempSync(join(tmpdir(), "archive-"));
  const parts = [
    await archivePart([file("bin/node", "first", true)], { last: false }),
    await archivePart([file("app/server.mjs", "second")], { last: true }),
  ];
  writeFileSync(join(folder, "release.tar.gz"), Buffer.concat(parts));
  const { stdout } = await execa("tar", ["-tvzf", "release.tar.gz", "--numeric-owner", "--utc"], {
    cwd: folder,
  });
  expect(stdout.split("\n").map((line) => line.replace(/ +/g, " "))).toEqual([
    "-rwxr-xr-x 0/0 5 1970-01-01 00:00 bin/node",
    "-rw-r--r-- 0/0 6 1970-01-01 00:00 app/server.mjs",
  ]);
  await execa("tar", ["-xzf", "release.tar.gz"], { cwd: folder });
  expect(readFileSync(join(folder, "app/server.mjs"), "utf8")).toBe("second");
  expect(statSync(join(folder, "bin/node")).mode & 0o111).toBe(0o111);
  rmSync(folder, { recursive: true });
});
