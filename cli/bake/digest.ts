import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { sha256 } from "../release/archive.ts";
import { filesBelow } from "../release/files.ts";

/**
 * How an image comes about: `release` is the release alone, which only the twin can run; `aws` is baked by Packer on
 * AWS; `stand-in` is baked by Packer on this machine, for the twin; `container` is the release in a container.
 */
export type ImageKind = "release" | "aws" | "stand-in" | "container";

/** What is in an image: a change of any of it is another image. */
export interface ImageContents {
  /** Absolute path of the checkout. */
  readonly root: string;
  readonly kind: ImageKind;
  /** SHA-256 of the release. */
  readonly release: string;
}

/** Where the roles, the build and the base it starts from are described, by kind. */
const DEFINITIONS: Record<ImageKind, readonly string[]> = {
  release: [],
  aws: ["ansible", "packer"],
  container: ["container/Dockerfile"],
  "stand-in": ["ansible", "packer", "cli/bake/base-root.ts"],
};

/** The one file that matters, where its folder holds others. */
const FILE = /(\.ts|\/Dockerfile)$/;

/** What tools leave behind in those folders. */
const LEFTOVERS = /(^|\/)(__pycache__|\.ansible|packer_cache|crash\.log|[^/]*\.(retry|pyc))(\/|$)/;

/**
 * A digest over everything that decides what is in an image: equal digests, equal images, so nothing is baked twice.
 * It does not cover what the package archives hold on the day of the bake.
 *
 * @throws Error with code ENOENT if a definition is not there
 */
export async function imageDigest({ root, kind, release }: ImageContents): Promise<string> {
  const listed = await Promise.all(
    DEFINITIONS[kind].map((path) => (FILE.test(path) ? [path] : filesBelow(root, path))),
  );
  const files = listed.flat().filter((path) => !LEFTOVERS.test(path));
  const lines = await Promise.all(
    files.map(async (path) => `${path} ${sha256(await readFile(join(root, path)))}\n`),
  );
  return sha256(`image ${kind}\nrelease ${release}\n`, ...lines);
}
