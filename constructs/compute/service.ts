import type { ITerraformDependable } from "cdktf";
import type { Connectable } from "../connections.ts";
import type { LoadBalancer } from "../edge/load-balancer.ts";
import type { NetworkPlace } from "../network/network-place.ts";
import type { AppLog } from "../operations/app-log.ts";
import type { Output } from "../outputs.ts";
import type { Role } from "./role.ts";

/** What every way to run the app is given. */
export interface ServiceProps {
  readonly network: NetworkPlace;
  /** What runs registers in its target group and counts as alive when healthy there. */
  readonly loadBalancer: LoadBalancer;
  /** TCP port the app listens on. */
  readonly port: number;
  /** What the app finds in its environment. No secrets. */
  readonly settings: Readonly<Record<string, string>>;
  /** Where the app's lines go. */
  readonly log: AppLog;
}

/** What runs the app, however it does: the load balancer, the database and the alarms need not know more. */
export interface Service extends Connectable {
  /** Who the app is to AWS: what it may use is granted to this role. */
  readonly role: Role;
  /** What a deploy tells of it. */
  readonly outputs: Readonly<Record<string, Output>>;
  /** Lets `peer` reach the app's port. */
  allowFrom(peer: Connectable): void;
}

/**
 * What must be there before the app is launched: rules and grants are added after the service was described, so this
 * is to be asked as late as cdktf asks.
 */
export function neededToLaunch(
  { network, loadBalancer }: ServiceProps,
  service: Connectable,
  ...roles: readonly Role[]
): ITerraformDependable[] {
  return [
    loadBalancer.listeners.forwarding,
    ...loadBalancer.connections.rules,
    ...network.appTier.routes,
    ...service.connections.rules,
    ...roles.flatMap(({ policies }) => policies),
  ];
}
