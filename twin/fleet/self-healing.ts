import type { Owner, TargetHealth, World } from "../world.ts";

/** Two status checks of EC2, a minute apart. */
const IMPAIRED_MS = 120_000;

/** What the decision is made of besides the world. */
export interface Observed {
  /** Target health by target group ARN. */
  readonly health: ReadonlyMap<string, readonly TargetHealth[]>;
  /** Since when (epoch ms) an instance has been impaired. */
  readonly impairedSince: ReadonlyMap<string, number>;
  /** Epoch ms. */
  readonly now: number;
}

/**
 * The instances that their Auto Scaling group has to replace now: InService longer than the grace period, and
 * either unhealthy in one of the group's target groups (health check type ELB) or impaired for two minutes.
 */
export function unhealthyInstances(world: World, observed: Observed): (Owner & { instanceId: string })[] {
  return world.autoScalingGroups.flatMap(
    ({ account, region, instances, targetGroupArns, healthCheckType, healthCheckGracePeriod }) => {
      const unhealthy = new Set(
        targetGroupArns.flatMap((arn) =>
          (observed.health.get(arn) ?? []).filter(({ state }) => state === "unhealthy").map(({ id }) => id),
        ),
      );
      const judged = instances.filter(
        ({ lifecycleState, healthStatus, inServiceSince }) =>
          lifecycleState === "InService" &&
          healthStatus.toLowerCase() === "healthy" &&
          inServiceSince !== null &&
          observed.now - inServiceSince * 1_000 > healthCheckGracePeriod * 1_000,
      );
      return judged
        .filter(({ id }) => {
          const since = observed.impairedSince.get(id);
          const impaired = since !== undefined && observed.now - since >= IMPAIRED_MS;
          return impaired || (healthCheckType === "ELB" && unhealthy.has(id));
        })
        .map(({ id }) => ({ account, region, instanceId: id }));
    },
  );
}
