import { matches, whole } from "../checks.ts";
import { numberOr } from "./number-or.ts";
import { logRetention } from "./retention.ts";
import { type FieldReader, inSection, type Rule, unlessThereIs } from "./rule.ts";

/** The fields of `settings/compute.ts`. */
export const computeRules: readonly Rule[] = [
  ...unlessThereIs("compute.fargate", [
    {
      path: "compute.instanceType",
      must: "be an EC2 instance type",
      use: '"t3.micro"',
      test: matches(/^[a-z][a-z0-9-]*\.[a-z0-9-]+$/),
    },
    {
      path: "compute.rootVolumeSize",
      must: "be 8 to 16384 whole GB",
      use: "8",
      optional: true,
      test: whole(8, 16_384),
    },
  ]),
  ...inSection("compute.fargate", [
    {
      path: "compute.fargate.cpu",
      must: "be 256, 512, 1024, 2048 or 4096 units",
      use: "256",
      test: (value) => typeof value === "number" && value in taskMemory,
    },
    {
      path: "compute.fargate.memory",
      must: "be the MB that Fargate has for compute.fargate.cpu",
      use: (at) => String(memoryFor(at)[0] ?? 512),
      test: (value, at) => memoryFor(at).includes(Number(value)) && typeof value === "number",
    },
    {
      path: "compute.fargate.tasks",
      must: "be 1 to 20, and not be there beside compute.scaling",
      use: (at) => (at("compute.scaling") === undefined ? "2" : "nothing"),
      optional: true,
      test: (value, at) => whole(1, 20)(value) && at("compute.scaling") === undefined,
    },
  ]),
  {
    path: "compute.healthCheckGracePeriod",
    must: "be up to 7200 whole seconds and leave 20 s of boot before edge.healthCheck's interval × healthyThreshold",
    use: (at) => String(Math.max(120, shortestGracePeriod(at))),
    test: (value, at) => whole(0, 7200)(value) && Number(value) >= shortestGracePeriod(at),
  },
  {
    path: "compute.rolloutTimeout",
    must: "be up to 7200 whole seconds and more than compute.healthCheckGracePeriod",
    use: (at) => String(Math.min(7200, Math.max(600, 2 * numberOr(at("compute.healthCheckGracePeriod"), 0)))),
    optional: true,
    test: (value, at) =>
      whole(60, 7200)(value) && Number(value) > numberOr(at("compute.healthCheckGracePeriod"), 0),
  },
  logRetention("compute.logRetentionDays"),
  ...inSection("compute.scaling", [
    {
      path: "compute.scaling.minimum",
      must: "be 1 to 10",
      use: "2",
      test: whole(1, 10),
    },
    {
      path: "compute.scaling.maximum",
      must: "be up to 20 and more than compute.scaling.minimum",
      use: (at) => String(Math.min(20, 3 * numberOr(at("compute.scaling.minimum"), 2))),
      test: (value, at) => whole(2, 20)(value) && Number(value) > numberOr(at("compute.scaling.minimum"), 0),
    },
    { path: "compute.scaling.cpuPercent", must: "be 10 to 90 percent", use: "70", test: whole(10, 90) },
    {
      path: "compute.scaling.warmup",
      must: "be 0 to 3600 whole seconds",
      use: "60",
      optional: true,
      test: whole(0, 3600),
    },
  ]),
];

/** Boot plus the checks that must pass: a shorter grace period makes the group replace what is still starting. */
function shortestGracePeriod(at: FieldReader): number {
  const bootSeconds = 20;
  const interval = numberOr(at("edge.healthCheck.interval"), 10);
  return bootSeconds + interval * numberOr(at("edge.healthCheck.healthyThreshold"), 2);
}

const gigabytes = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, more) => 1024 * (from + more));

/**
 * Memory in MB by processor units.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html
 */
const taskMemory: Readonly<Record<number, readonly number[]>> = {
  256: [512, 1024, 2048],
  512: gigabytes(1, 4),
  1024: gigabytes(2, 8),
  2048: gigabytes(4, 16),
  4096: gigabytes(8, 30),
};

/** What goes with the units; with units that Fargate has not, whatever goes with any. */
function memoryFor(at: FieldReader): readonly number[] {
  return taskMemory[numberOr(at("compute.fargate.cpu"), 0)] ?? Object.values(taskMemory).flat();
}
