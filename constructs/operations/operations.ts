import type { Construct } from "constructs";
import type { Environment } from "../../config/environment.ts";
import { stateBucketName, stateKey } from "../../config/names.ts";
import type { Database } from "../data/database.ts";
import type { LoadBalancer } from "../edge/load-balancer.ts";
import type { NetworkPlace } from "../network/network-place.ts";
import { Alarms } from "./alarms.ts";
import { Bastion } from "./bastion.ts";
import { Dashboard } from "./dashboard.ts";
import { Deployers } from "./deployers.ts";
import { watchedMetrics } from "./metrics.ts";
import { Operators } from "./operators.ts";
import { Trail } from "./trail.ts";

/** What is watched and entered. */
export interface Operated {
  readonly network: NetworkPlace;
  readonly loadBalancer: LoadBalancer;
  readonly database: Database;
}

/** What those need who run it: the second half of the composition root, all of it optional. */
export function addOperations(
  scope: Construct,
  environment: Environment,
  { network, loadBalancer, database }: Operated,
): void {
  const { account, region, protect, project, name, operations = {} } = environment;
  const { trail, alarms, dashboard, bastion, operators, deployers } = operations;
  const metrics = watchedMetrics(loadBalancer, database, environment.database.allocatedStorage ?? 20);
  if (trail) new Trail(scope, "trail", { account, region, protect, ...trail });
  if (alarms) new Alarms(scope, "alarms", { metrics, ...alarms });
  if (dashboard) new Dashboard(scope, "dashboard", { region, metrics });
  if (bastion) database.allowFrom(new Bastion(scope, "bastion", { network, settings: bastion }));
  if (operators) new Operators(scope, "operators", { account, region, project, environment: name });
  if (deployers) {
    const state = { bucket: stateBucketName(environment), key: stateKey(environment) };
    new Deployers(scope, "deployers", { state, ...deployers });
  }
}
