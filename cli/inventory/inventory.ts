import type { Environment } from "../../config/environment.ts";
import type { Clients } from "../cloud.ts";
import { ec2Kinds } from "./ec2.ts";
import { ecsKinds } from "./ecs.ts";
import { serviceKinds } from "./services.ts";

/** Whose resources are looked for: by the two tags that everything of an environment carries. */
export interface Owner {
  readonly project: string;
  readonly environment: string;
}

/** One kind of resource, and how AWS lists those of an owner. */
export interface Kind {
  readonly name: string;
  list(): Promise<string[]>;
}

/** Resources that are still there, by kind. */
export interface Leftover {
  readonly kind: string;
  readonly ids: readonly string[];
}

/** The kinds that are looked at: all that a stack or a bake can make, by AWS's own listings. */
export function kindsOf(clients: Clients, environment: Environment): Kind[] {
  const owner = { project: environment.project, environment: environment.name };
  return [...ec2Kinds(clients.ec2, owner), ...ecsKinds(clients.ecs, owner), ...serviceKinds(clients, owner)];
}

/** What AWS itself says is there of an environment: an empty list is the proof that all of it is gone. */
export async function takeInventory(clients: Clients, environment: Environment): Promise<Leftover[]> {
  const found = await Promise.all(
    kindsOf(clients, environment).map(async (kind) => ({ kind: kind.name, ids: await kind.list() })),
  );
  return found.filter(({ ids }) => ids.length > 0);
}

/** "2 images (ami-1, ami-2), 1 log groups (/webstead/dev)". */
export function describeLeftovers(leftovers: readonly Leftover[]): string {
  return leftovers.map(({ kind, ids }) => `${ids.length} ${kind} (${ids.join(", ")})`).join(", ");
}
