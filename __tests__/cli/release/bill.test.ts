import { join } from "node:path";
import { Version } from "@cyclonedx/cyclonedx-library/Spec";
import { JsonStrictValidator } from "@cyclonedx/cyclonedx-library/Validation";
import { beforeAll, expect, test } from "@jest/globals";
import { assemble } from "../../../cli/release/build.ts";
import { provideApp } from "../../../cli/release/source/provide.ts";
import { carriedByTests } from "./carried.ts";
import { unpacked } from "./unpacked.ts";

interface Component {
  readonly name: string;
  readonly group?: string;
  readonly purl: string;
  readonly "bom-ref": string;
}

const root = join(import.meta.dirname, "../../..");
let text = "";
let components: readonly Component[] = [];

beforeAll(async () => {
  const { app } = await provideApp(root);
  text = String((await unpacked(await assemble(root, app, await carriedByTests(), {})))["sbom.cdx.json"]);
  components = JSON.parse(text).components;
}, 30_000);

test("a release's bill of materials is CycloneDX 1.6, as its own schema says", async () => {
  expect(JSON.parse(text)).toMatchObject({ bomFormat: "CycloneDX", specVersion: "1.6" });
  expect(await new JsonStrictValidator(Version.v1dot6).validate(text)).toBeNull();
}, 30_000);

test("it names what is in the bundles and the Node beside them, and no tool of ours", () => {
  const names = components.map(({ group, name }) => (group ? `${group}/${name}` : name));
  expect(names).toEqual(
    expect.arrayContaining(["fastify", "mysql2", "kysely", "@aws-sdk/client-secrets-manager", "node"]),
  );
  expect(names.filter((name) => /esbuild|jest|cdktf|execa|typescript/.test(name))).toEqual([]);
  expect(components.map(({ purl }) => purl)).toEqual(
    expect.arrayContaining([
      "pkg:generic/node@24.0.0",
      "pkg:npm/sharp@1.2.3",
      "pkg:npm/%40img/colour@1.0.0",
      expect.stringMatching(/^pkg:npm\/%40aws-sdk\/client-secrets-manager@\d/),
    ]),
  );
});

test("it tells who needs whom, from the app on", () => {
  const { metadata, dependencies } = JSON.parse(text);
  const needs = new Map<string, string[]>(
    dependencies.map(({ ref, dependsOn = [] }: { ref: string; dependsOn?: string[] }) => [ref, dependsOn]),
  );
  const reached = new Set<string>();
  const visit = (ref: string) => {
    if (reached.has(ref)) return;
    reached.add(ref);
    needs.get(ref)?.forEach(visit);
  };
  visit(metadata.component["bom-ref"]);
  expect(components.filter((component) => !reached.has(component["bom-ref"]))).toEqual([]);
});

test("it has neither time nor number, which would be others each time", () => {
  expect(text).not.toMatch(/"(timestamp|serialNumber)"/);
});
