/** What refers to images at one moment: the part of an account that decides which image may go. */
export interface ImageGraph {
  /** Hand-over parameters, of whatever environment. */
  readonly parameters: readonly (Owned & { readonly name: string; readonly image: string })[];
  /** Launch template versions. */
  readonly versions: readonly TemplateVersion[];
  /** Auto Scaling groups, each with the launch template versions that it or one of its instances was made with. */
  readonly groups: readonly (Owned & { readonly name: string; readonly versions: readonly VersionName[] })[];
  /** Instances that are not terminated. */
  readonly instances: readonly (Owned & { readonly id: string; readonly image: string })[];
}

/** Something of an environment; without one it belongs to nobody we know. */
export interface Owned {
  readonly environment?: string | undefined;
}

/** Who refers to an image. */
export interface ImageUser extends Owned {
  /** `parameter /webstead/dev/ami-id`, `group …`, `instance i-…`, `launch template lt-…`. */
  readonly name: string;
}

/** Names one version of a launch template; AWS also takes `$Latest` and `$Default` for a number. */
export interface VersionName {
  readonly template: string;
  readonly version: string;
}

/** A version of a launch template, and the image that it launches. */
export interface TemplateVersion extends VersionName, Owned {
  readonly image: string;
  /** The newest of its template: the next group is launched from it. */
  readonly latest: boolean;
  readonly isDefault: boolean;
}

/** An image as retention sees it. */
export interface Candidate {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** Its rollout failed: it is kept for who looks into it, not to be rolled back to. */
  readonly failed: boolean;
}

/** Who refers to each image that anything refers to. */
export function imageUsers(graph: ImageGraph): Map<string, ImageUser[]> {
  const users = new Map<string, ImageUser[]>();
  const add = (image: string, kind: string, name: string, { environment }: Owned) => {
    const known = users.get(image) ?? [];
    const user = { name: `${kind} ${name}`, environment };
    if (!known.some((other) => other.name === user.name)) users.set(image, [...known, user]);
  };
  for (const parameter of graph.parameters) add(parameter.image, "parameter", parameter.name, parameter);
  for (const instance of graph.instances) add(instance.image, "instance", instance.id, instance);
  for (const version of graph.versions) {
    if (version.latest) add(version.image, "launch template", version.template, version);
  }
  for (const group of graph.groups) {
    const used = graph.versions.filter((version) => group.versions.some((name) => isNamed(version, name)));
    for (const version of used) add(version.image, "group", group.name, group);
  }
  return users;
}

/**
 * The images that may be removed: neither among the newest `keep` of those that served or could, nor among the
 * newest `keep` of those that failed, nor referred to by anything.
 *
 * @param candidates the images of one environment
 */
export function removable(candidates: readonly Candidate[], graph: ImageGraph, keep: number): string[] {
  const users = imageUsers(graph);
  const newestFirst = candidates.toSorted((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? -1 : 1));
  const old = [true, false].flatMap((failed) =>
    newestFirst.filter((image) => image.failed === failed).slice(keep),
  );
  return old.map(({ id }) => id).filter((id) => !users.has(id));
}

function isNamed(version: TemplateVersion, wanted: VersionName): boolean {
  if (version.template !== wanted.template) return false;
  if (wanted.version === "$Latest") return version.latest;
  if (wanted.version === "$Default") return version.isDefault;
  return version.version === wanted.version;
}
