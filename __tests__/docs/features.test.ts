import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { features, featuresPage } from "../../docs/features.ts";

const root = join(import.meta.dirname, "../..");

test("docs/features.md is what its table says: npm run docs writes it anew", () => {
  expect(readFileSync(join(root, "docs/features.md"), "utf8")).toBe(featuresPage());
});

test("every test that a row names is there, under that title", () => {
  const missing = features.flatMap(({ row, shown }) =>
    shown.flatMap((one) => {
      if (!("file" in one)) return [];
      // A title stands between quotes; its own quotes may be escaped.
      const source = readFileSync(join(root, one.file), "utf8").replaceAll("\\", "");
      return ['"', "'", "`"].some((quote) => source.includes(quote + one.title + quote))
        ? []
        : [`${row}: ${one.title}`];
    }),
  );
  expect(missing).toEqual([]);
});

test("there are a hundred rows, and each is shown or says why not", () => {
  expect(features).toHaveLength(100);
  expect(features.filter(({ shown }) => shown.length === 0)).toEqual([]);
});
