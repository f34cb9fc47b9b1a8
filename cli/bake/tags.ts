import type { Environment } from "../../config/environment.ts";
import type { Release } from "../release/build.ts";

/** The tags by which an image is found again and says where it comes from. */
export type ImageTags = Readonly<
  Record<"Project" | "Environment" | "Commit" | "ReleaseDigest" | "ImageDigest", string>
>;

/** The tags of an image of this release. `digest`: see digest.ts */
export function imageTags(environment: Environment, release: Release, digest: string): ImageTags {
  return {
    Project: environment.project,
    Environment: environment.name,
    Commit: release.commit,
    ReleaseDigest: release.sha256,
    ImageDigest: digest,
  };
}

/** AWS wants a name that no other image of the account has: up to 128 characters. */
export function imageName(environment: Environment, tags: ImageTags): string {
  return `${environment.project}-${environment.name}-${tags.ImageDigest.slice(0, 12)}`;
}
