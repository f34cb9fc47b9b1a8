import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Checkout } from "../../__tests__/suites/twin/checkout.ts";
import { buildRelease } from "../../cli/release/build.ts";
import type { Measure } from "../figure.ts";

/** Seconds a deploy may take beyond what the AWS provider itself waits. */
const ALLOWANCE = 30;

/**
 * What the provider waits for by itself, whatever the cloud behind it does: fixed delays in its code of 10 s for a
 * VPC's DNS settings, 80 s for a database, 60 s for a load balancer, 5 s for a launch template.
 */
const WAITED_FOR = ["aws_vpc", "aws_db_instance", "aws_lb", "aws_launch_template"];

/**
 * A first deploy of `dev` on the twin, the twin's own start included: against the time in which the AWS provider
 * waits by itself, and a fixed allowance. Downloads (Python packages, the Node of the release) come before.
 */
export const measure: Measure = async (say) => {
  const checkout = await Checkout.create();
  try {
    say("downloading what a first deploy downloads: that is not what is measured");
    await checkout.run("npm", ["run", "-s", "twin", "--", "start"]);
    await checkout.run("npm", ["run", "-s", "twin", "--", "stop"]);
    await buildRelease({ root: checkout.root });
    say("deploying dev, two minutes");
    const started = performance.now();
    const { exitCode, all } = await checkout.deploy("dev", "--local", "--yes");
    const total = (performance.now() - started) / 1000;
    if (exitCode !== 0) throw new Error(`the deploy failed:\n${all}`);
    const waited = timeCovered(providerWaits(checkout.root));
    return [
      {
        name: `deploy: whole / (provider's wait + ${ALLOWANCE} s)`,
        value: total / (waited + ALLOWANCE),
        atMost: 1,
        made: `${total.toFixed(0)} s / (${waited.toFixed(0)} s + ${ALLOWANCE} s)`,
      },
    ];
  } finally {
    await checkout.remove();
  }
};

/** From when to when, in seconds, the provider was at each resource that it waits for: by Terraform's own account. */
function providerWaits(root: string): [number, number][] {
  const lines = readFileSync(join(root, ".webstead/twin/dev/output.jsonl"), "utf8").trim().split("\n");
  return lines
    .map((line) => JSON.parse(line))
    .filter(({ type, hook }) => type === "apply_complete" && WAITED_FOR.includes(hook.resource.resource_type))
    .map(({ "@timestamp": end, hook }) => [
      Date.parse(end) / 1000 - hook.elapsed_seconds,
      Date.parse(end) / 1000,
    ]);
}

/** The time that intervals cover together: what two of them share counts once. */
function timeCovered(intervals: readonly [number, number][]): number {
  let covered = 0;
  let reached = Number.NEGATIVE_INFINITY;
  for (const [start, end] of [...intervals].sort(([a], [b]) => a - b)) {
    covered += Math.max(0, end - Math.max(start, reached));
    reached = Math.max(reached, end);
  }
  return covered;
}
