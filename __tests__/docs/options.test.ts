import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { rules } from "../../config/rules/rules.ts";
import { optionsPage } from "../../docs/options.ts";

test("docs/options.md is what the types say: npm run docs writes it anew", () => {
  expect(readFileSync(join(import.meta.dirname, "../../docs/options.md"), "utf8")).toBe(optionsPage());
});

test("every field that has a rule has a row", () => {
  const page = optionsPage();
  const missing = rules.map(({ path }) => path).filter((path) => !page.includes(`| \`${path}\` |`));
  // Of the two ways into a bastion one has fields of its own, which the row of the bastion tells.
  expect(missing).toEqual([
    "operations.bastion.access",
    "operations.bastion.from",
    "operations.bastion.keyName",
  ]);
});
