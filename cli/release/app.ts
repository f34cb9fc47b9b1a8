import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { filesBelow } from "./files.ts";

/** Where an app's server may be: the first of these that is there. */
const SERVERS = ["src/server.ts", "src/server.mjs", "server.mjs"] as const;

/** Folders and files that a release carries as they are, where an app has them. */
const CARRIED = ["views", "assets", "openapi.json"] as const;

/** An app that lies ready to be built. docs/your-app.md says in words what must be in its folder. */
export interface App {
  /** Absolute path of its folder. */
  readonly folder: string;
  /** Name and version in its package.json. */
  readonly name: string;
  readonly version: string;
  /** The programs to bundle, by the name of the bundle: `server`, and those that package.json names. */
  readonly programs: Readonly<Record<string, string>>;
  /** Versions of the packages it depends on, as its package.json has them. */
  readonly dependencies: Readonly<Record<string, string>>;
  /** Files that the release carries as they are. */
  readonly files: readonly string[];
  /** Whether its packages are in its own folder, and may come from nowhere else. */
  readonly isSelfContained: boolean;
}

/**
 * Reads what is in an app's folder.
 * @throws Error that names what is missing in it
 */
export async function describeApp(
  folder: string,
  { isSelfContained }: Pick<App, "isSelfContained">,
): Promise<App> {
  const { name, version, programs, dependencies } = await readManifest(folder);
  const server = SERVERS.find((path) => existsSync(join(folder, path)));
  if (server === undefined) {
    throw new Error(`no server entry point; it must have ${SERVERS.join(" or ")}`);
  }
  const there = CARRIED.filter((path) => existsSync(join(folder, path)));
  const files = await Promise.all(
    there.map((path) => (extname(path) === "" ? filesBelow(folder, path) : [path])),
  );
  return {
    folder,
    name,
    version,
    dependencies,
    programs: { ...programs, server },
    files: files.flat(),
    isSelfContained,
  };
}

/** What a release is told by an app's package.json. */
type Manifest = Pick<App, "name" | "version" | "programs" | "dependencies">;

/**
 * Reads the package.json in an app's folder.
 * @throws Error if it is not there, or lacks something
 */
export async function readManifest(folder: string): Promise<Manifest> {
  const file = join(folder, "package.json");
  if (!existsSync(file)) throw new Error("no package.json; an app must have one");
  let manifest: Record<string, unknown>;
  try {
    manifest = JSON.parse(await readFile(file, "utf8"));
  } catch (error) {
    throw new Error(`package.json is not JSON: ${(error as Error).message}`);
  }
  const { name, version, webstead } = manifest;
  if (typeof name !== "string" || typeof version !== "string" || name === "" || version === "") {
    throw new Error("package.json must have a name and a version");
  }
  const { programs = [] } = (webstead ?? {}) as { programs?: unknown };
  if (!Array.isArray(programs) || !programs.every((path) => isProgram(folder, path))) {
    throw new Error(
      `webstead.programs in package.json must be paths of programs that are there, got ${JSON.stringify(programs)}`,
    );
  }
  return {
    name,
    version,
    programs: Object.fromEntries(programs.map((path) => [bundleName(path), path])),
    dependencies: (manifest.dependencies ?? {}) as Record<string, string>,
  };
}

/** `reader` for `src/reader.ts`. */
function bundleName(path: string): string {
  return basename(path, extname(path));
}

function isProgram(folder: string, path: unknown): boolean {
  return typeof path === "string" && !path.split("/").includes("..") && existsSync(join(folder, path));
}
