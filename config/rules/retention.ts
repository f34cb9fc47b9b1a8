import type { Rule } from "./rule.ts";

/** Steps of CloudWatch Logs' PutRetentionPolicy, in days. */
const logRetentionSteps = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** How long CloudWatch keeps what is logged. */
export function logRetention(path: string): Rule {
  return {
    path,
    must: `be one of ${logRetentionSteps.join(", ")} days`,
    use: "30",
    test: (value) => logRetentionSteps.includes(Number(value)) && typeof value === "number",
  };
}
