import { expect } from "@jest/globals";
import type { Checkout } from "../twin/checkout.ts";

/** The commit whose release answers at a URL. */
export async function answeringCommit(url: string): Promise<string> {
  return ((await (await fetch(`${url}/healthz`)).json()) as { commit: string }).commit;
}

/** Terraform has nothing to change in `dev`. */
export async function expectCleanPlan(checkout: Checkout): Promise<void> {
  const plan = await checkout.run("terraform", ["plan", "-detailed-exitcode", "-input=false", "-no-color"], {
    cwd: checkout.stackFolder,
    env: await checkout.twinVariables(),
  });
  expect([plan.exitCode, plan.exitCode === 0 ? "" : plan.all]).toEqual([0, ""]);
}
