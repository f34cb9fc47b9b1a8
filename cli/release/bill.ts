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

/** As much of a package.json as is needed here. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** What a release is made of. */
export interface Contents {
  readonly app: App;
  readonly packages: PackageGraph;
  /** The package.json of each package that is carried beside the bundles. */
  readonly native: readonly Manifest[];
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
  const carried = new Map(native.map((manifest) => [manifest.name, library(manifest, "carried")]));
  for (const manifest of native) {
    const component = carried.get(manifest.name);
    for (const name of Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies })) {
      const needed = carried.get(name);
      if (needed) component?.dependencies.add(needed.bomRef);
    }
    if (component) bill.components.add(component);
    if (component && app.dependencies[manifest.name])
      bill.metadata.component?.dependencies.add(component.bomRef);
  }
  bill.components.add(runtime);
  bill.metadata.component?.dependencies.add(runtime.bomRef);
  const normalizers = new Serialize.JSON.Normalize.Factory(Spec1dot6);
  return `${new Serialize.JsonSerializer(normalizers).serialize(bill, { sortLists: true, space: 2 })}\n`;
}

async function describe(folder: string, app: App): Promise<Component> {
  const manifest = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  // One package may be there twice, at two places of the tree.
  if (folder !== app.folder) return library(manifest, folder.slice(folder.indexOf("/node_modules/") + 1));
  const component = make(manifest, ComponentType.Application);
  component.bomRef.value = idOf(manifest);
  return component;
}

function library(manifest: Manifest, place: string): Component {
  const component = make(manifest, ComponentType.Library);
  component.bomRef.value = `${idOf(manifest)}|${place}`;
  component.purl = `pkg:npm/${idOf(manifest).replace(/^@/, "%40")}`;
  return component;
}

function make(manifest: Manifest, type: ComponentType): Component {
  const component = components.makeComponent(manifest, type);
  if (component === undefined) throw new Error(`${JSON.stringify(manifest.name)} is no name of a package`);
  return component;
}

function idOf({ name, version }: Manifest): string {
  return `${name}@${version}`;
}
