import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Checkout } from "../../__tests__/suites/twin/checkout.ts";
import type { Measure } from "../figure.ts";

/** Seconds a deploy may take beyond what the AWS provider itself waits. */
const ALLOWANCE = 30;

/** What the provider waits for by itself, side by side, whatever the cloud behind it does. */
const WAITED_FOR = ["aws_db_instance", "aws_lb"];

/**
 * A first deploy of `dev` on the twin, the twin's own start included: against what the AWS provider waits for the
 * database and the load balancer, and a fixed allowance.
 */
export const measure: Measure = async (say) => {
  const checkout = await Checkout.create();
  try {
    say("making the twin ready: its Python packages are not what is measured");
    await checkout.run("npm", ["run", "-s", "twin", "--", "start"]);
    await checkout.run("npm", ["run", "-s", "twin", "--", "stop"]);
    say("deploying dev, two minutes");
    const started = performance.now();
    const { exitCode, all } = await checkout.deploy("dev", "--local", "--yes");
    const total = (performance.now() - started) / 1000;
    if (exitCode !== 0) throw new Error(`the deploy failed:\n${all}`);
    const waited = Math.max(...providerWaits(checkout.root));
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

/** Seconds the provider took for each resource that it waits for, by Terraform's own account. */
function providerWaits(root: string): number[] {
  const lines = readFileSync(join(root, ".webstead/twin/dev/output.jsonl"), "utf8").trim().split("\n");
  return lines
    .map((line) => JSON.parse(line))
    .filter(({ type, hook }) => type === "apply_complete" && WAITED_FOR.includes(hook.resource.resource_type))
    .map(({ hook }) => hook.elapsed_seconds as number);
}
