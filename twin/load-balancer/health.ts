import type { HealthCheck } from "../world.ts";

/** What one probe of a target saw. */
export type Outcome =
  | { readonly kind: "passed" }
  | { readonly kind: "mismatch"; readonly status: number }
  | { readonly kind: "timeout" }
  | { readonly kind: "failed" };

/** The health of a target as its probes have shown it so far. */
export interface Health {
  readonly state: "initial" | "healthy" | "unhealthy";
  readonly reason?: string;
  readonly description?: string;
  /** Passed probes in a row. */
  readonly passes: number;
  /** Failed probes in a row. */
  readonly failures: number;
}

/** A target that was registered and not yet judged. */
export const INITIAL: Health = {
  state: "initial",
  reason: "Elb.InitialHealthChecking",
  description: "Initial health checks in progress",
  passes: 0,
  failures: 0,
};

/**
 * The health after one more probe. A new target is healthy after one passed probe, as on AWS; from then on
 * the thresholds count probes in a row.
 */
export function afterProbe(
  health: Health,
  outcome: Outcome,
  thresholds: Pick<HealthCheck, "healthyThreshold" | "unhealthyThreshold">,
): Health {
  if (outcome.kind === "passed") {
    const passes = health.passes + 1;
    const enough = health.state !== "unhealthy" || passes >= thresholds.healthyThreshold;
    if (enough) return { state: "healthy", passes, failures: 0 };
    return { ...health, passes, failures: 0 };
  }
  const failures = health.failures + 1;
  if (health.state === "unhealthy" || failures >= thresholds.unhealthyThreshold) {
    return { state: "unhealthy", ...explain(outcome), passes: 0, failures };
  }
  return { ...health, passes: 0, failures };
}

/** Whether a status code is one that the matcher names: "200", "200-299" or "200,302". */
export function matches(matcher: string, status: number): boolean {
  return matcher.split(",").some((part) => {
    const [from, to = from] = part.trim().split("-").map(Number);
    return from !== undefined && to !== undefined && status >= from && status <= to;
  });
}

function explain(outcome: Exclude<Outcome, { kind: "passed" }>): { reason: string; description: string } {
  switch (outcome.kind) {
    case "mismatch":
      return {
        reason: "Target.ResponseCodeMismatch",
        description: `Health checks failed with these codes: [${outcome.status}]`,
      };
    case "timeout":
      return { reason: "Target.Timeout", description: "Request timed out" };
    case "failed":
      return { reason: "Target.FailedHealthChecks", description: "Health checks failed" };
  }
}
