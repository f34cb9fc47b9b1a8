import type { ITerraformDependable } from "cdktf";
import type { Connectable } from "../connections.ts";

/** What the rest of the stack knows of a network, whoever made it. */
export interface NetworkPlace {
  readonly vpc: { readonly id: string };
  /** Reachable from the internet. */
  readonly publicTier: Tier;
  /** Reaches out, is not reached. */
  readonly appTier: Tier;
  /** Not reached from outside the VPC. */
  readonly dataTier: Tier;
  /** Lets a tier reach AWS services, by whichever way out this network has. */
  allowOutFrom(peer: Connectable): void;
}

/** One row of the architecture diagram. */
export interface Tier {
  /** One or more per zone. */
  readonly subnets: readonly { readonly id: string }[];
  /** What leads out of the tier: what needs the way out waits for them. */
  readonly routes: ITerraformDependable[];
}
