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
import type { PackageManifest } from "./native.ts";
import type { PackageGraph } from "./packages.ts";

const components = new FromPackageJson.Builders.ComponentBuilder(
  new FromPackageJson.Factories.ExternalReferenceFactory(),
  new License.Factories.LicenseFactory(parseLicense),
);

/** What a release is made of. */
export interface Contents {
  readonly app: App;
  readonly packages: PackageGraph;
  /** Packages with machine code, beside the bundles. */
  readonly native: readonly PackageManifest[];
  /** Version of its Node. */
  readonly node: string;
}

/**
 * The software bill of materials of a release, CycloneDX 1.6 as JSON: the app, its packages as they are in it, and Node.
 * It has neither time nor serial number, so that the same release has the same bytes.
 */
export async function billOfMaterials({ app, packages, native, node }: Contents): Promise<string> {
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
  for (const component of [runtime, ...native.map((one) => libraryOf(one))]) {
    bill.components.add(component);
    bill.metadata.component?.dependencies.add(component.bomRef);
  }
  const normalizers = new Serialize.JSON.Normalize.Factory(Spec1dot6);
  return `${new Serialize.JsonSerializer(normalizers).serialize(bill, { sortLists: true, space: 2 })}\n`;
}

async function describe(folder: string, app: App): Promise<Component> {
  const manifest = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  if (folder === app.folder) return componentOf(manifest, ComponentType.Application);
  // One package may be there twice, at two places of the tree.
  return libraryOf(manifest, `|${folder.slice(folder.indexOf("/node_modules/") + 1)}`);
}

function libraryOf(manifest: PackageManifest, place = ""): Component {
  const component = componentOf(manifest, ComponentType.Library);
  component.purl = `pkg:npm/${component.bomRef.value?.replace(/^@/, "%40")}`;
  component.bomRef.value += place;
  return component;
}

function componentOf(manifest: PackageManifest, type: ComponentType): Component {
  const component = components.makeComponent(manifest, type);
  if (component === undefined) throw new Error(`a package has no name: ${JSON.stringify(manifest)}`);
  component.bomRef.value = `${manifest.name}@${manifest.version}`;
  return component;
}
