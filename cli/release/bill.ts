import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as FromPackageJson from "@cyclonedx/cyclonedx-library/Contrib/FromNodePackageJson";
import * as License from "@cyclonedx/cyclonedx-library/Contrib/License";
import { ComponentType } from "@cyclonedx/cyclonedx-library/Enums";
import { Bom, Component } from "@cyclonedx/cyclonedx-library/Models";
import * as Serialize from "@cyclonedx/cyclonedx-library/Serialize";
import { Spec1dot6 } from "@cyclonedx/cyclonedx-library/Spec";
import parseLicense from "spdx-expression-parse";
import type { App } from "./app.ts";
import type { PackageGraph } from "./packages.ts";

const components = new FromPackageJson.Builders.ComponentBuilder(
  new FromPackageJson.Factories.ExternalReferenceFactory(),
  new License.Factories.LicenseFactory(parseLicense),
);

/** What a release is made of. */
export interface Contents {
  readonly app: App;
  readonly packages: PackageGraph;
  /** Version of its Node. */
  readonly node: string;
}

/**
 * The software bill of materials of a release, CycloneDX 1.6 as JSON: the app, its packages as they are in it, and Node.
 * It has neither time nor serial number, so that the same release has the same bytes.
 */
export async function billOfMaterials({ app, packages, node }: Contents): Promise<string> {
  const made = new Map<string, Component>();
  for (const folder of packages.keys()) made.set(folder, await describe(folder, app));
  const runtime = new Component(ComponentType.Platform, "node", {
    bomRef: `node@${node}`,
    version: node,
    purl: `pkg:generic/node@${node}`,
  });
  const bill = new Bom();
  for (const [folder, component] of made) {
    for (const needed of packages.get(folder) ?? []) {
      const other = made.get(needed);
      if (other) component.dependencies.add(other.bomRef);
    }
    if (folder === app.folder) bill.metadata.component = component;
    else bill.components.add(component);
  }
  bill.components.add(runtime);
  bill.metadata.component?.dependencies.add(runtime.bomRef);
  const normalizers = new Serialize.JSON.Normalize.Factory(Spec1dot6);
  return `${new Serialize.JsonSerializer(normalizers).serialize(bill, { sortLists: true, space: 2 })}\n`;
}

async function describe(folder: string, app: App): Promise<Component> {
  const manifest = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const isApp = folder === app.folder;
  const component = components.makeComponent(
    manifest,
    isApp ? ComponentType.Application : ComponentType.Library,
  );
  if (component === undefined) throw new Error(`${folder}/package.json has no name`);
  const id = `${manifest.name}@${manifest.version}`;
  // One package may be there twice, at two places of the tree.
  component.bomRef.value = isApp ? id : `${id}|${folder.slice(folder.indexOf("/node_modules/") + 1)}`;
  if (!isApp) component.purl = `pkg:npm/${id.replace(/^@/, "%40")}`;
  return component;
}
