import { relative, sep } from "node:path";
import type { App } from "./app.ts";
import type { Bundle } from "./bundle.ts";

/** The innermost package that a file belongs to. */
const PACKAGE = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/;

/** Folders of packages, each with those that it imports; the app itself is its own folder. */
export type PackageGraph = ReadonlyMap<string, ReadonlySet<string>>;

/** The packages that really are in bundles of the app. */
export function packagesIn(app: App, bundles: readonly Bundle[]): PackageGraph {
  const packageOf = (file: string) => PACKAGE.exec(file)?.[0] ?? app.folder;
  const present = new Set([app.folder, ...bundles.flatMap(({ included }) => [...included].map(packageOf))]);
  const imports = new Map<string, Set<string>>();
  for (const [file, imported] of bundles.flatMap(({ files }) => [...files])) {
    const known = imports.get(packageOf(file)) ?? new Set();
    imports.set(packageOf(file), known);
    for (const path of imported) known.add(packageOf(path));
  }
  // Through packages of which nothing is left, such as one that only hands on what others have.
  const needs = (from: string, seen = new Set([from])): string[] =>
    [...(imports.get(from) ?? [])].flatMap((to) => {
      if (seen.has(to)) return [];
      seen.add(to);
      return present.has(to) ? [to] : needs(to, seen);
    });
  return new Map([...present].map((folder) => [folder, new Set(needs(folder))]));
}

/**
 * An app that lies in this checkout by chance would find its packages too, on this machine and on no other.
 * @throws Error if an app that brings its own packages uses one from elsewhere
 */
export function refuseForeign(app: App, bundles: readonly Bundle[]): void {
  if (!app.isSelfContained) return;
  const home = app.folder + sep;
  const foreign = bundles
    .flatMap(({ files }) => [...files].filter(([file]) => file.startsWith(home)))
    .flatMap(([file, imports]) =>
      imports.filter((path) => !path.startsWith(home)).map((path) => [file, path]),
    )
    .at(0);
  if (foreign === undefined) return;
  const [file = "", path = ""] = foreign;
  const name = PACKAGE.exec(path)?.[0].split("/node_modules/").at(-1) ?? path;
  throw new Error(
    `${relative(home, file)} imports ${name}, which is no dependency in the app's package.json: run npm install ${name} in its folder`,
  );
}
