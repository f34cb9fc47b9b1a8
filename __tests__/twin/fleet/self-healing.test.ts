import { expect, test } from "@jest/globals";
import { unhealthyInstances } from "../../../twin/fleet/self-healing.ts";
import type { AutoScalingGroup } from "../../../twin/world.ts";
import { group, world } from "../worlds.ts";

const IN_SERVICE = 1_000;
const owner = { account: "123456789012", region: "eu-central-1" };

/** Who is replaced, `secondsIn` after InService, with the target in this state and impaired since then. */
function replaced(
  parts: Partial<AutoScalingGroup>,
  secondsIn: number,
  state = "unhealthy",
  impairedFor?: number,
) {
  const now = (IN_SERVICE + secondsIn) * 1_000;
  return unhealthyInstances(world({ autoScalingGroups: [group(parts)] }), {
    now,
    health: new Map([["tg", [{ id: "i-1", port: 80, state }]]]),
    impairedSince: new Map(impairedFor === undefined ? [] : [["i-1", now - impairedFor * 1_000]]),
  });
}

test("an instance whose target is unhealthy is replaced once its grace period is over", () => {
  expect(replaced({}, 61)).toEqual([{ ...owner, instanceId: "i-1" }]);
  expect(replaced({}, 60)).toEqual([]);
});

test.each(["initial", "healthy", "draining", "unused"])("a target that is %s replaces nothing", (state) => {
  expect(replaced({}, 1_000, state)).toEqual([]);
});

test("a group that looks at EC2 only does not care for its targets", () => {
  expect(replaced({ healthCheckType: "EC2" }, 1_000)).toEqual([]);
});

test("two minutes of failed status checks replace an instance in any group", () => {
  expect(replaced({ healthCheckType: "EC2" }, 1_000, "healthy", 119)).toEqual([]);
  expect(replaced({ healthCheckType: "EC2" }, 1_000, "healthy", 120)).toHaveLength(1);
  expect(replaced({}, 1_000, "healthy", 120)).toHaveLength(1);
});

test("an instance on its way in or out, or known to be unhealthy, is left alone", () => {
  const member = {
    id: "i-1",
    lifecycleState: "InService",
    healthStatus: "Healthy",
    inServiceSince: IN_SERVICE,
  };
  expect(replaced({ instances: [member] }, 1_000)).toHaveLength(1);
  expect(replaced({ instances: [{ ...member, lifecycleState: "Terminating" }] }, 1_000)).toEqual([]);
  expect(
    replaced({ instances: [{ ...member, lifecycleState: "Pending", inServiceSince: null }] }, 1_000),
  ).toEqual([]);
  expect(replaced({ instances: [{ ...member, healthStatus: "Unhealthy" }] }, 1_000)).toEqual([]);
});

test("one unhealthy target group of several is enough", () => {
  expect(replaced({ targetGroupArns: ["other", "tg"] }, 61)).toHaveLength(1);
  expect(replaced({ targetGroupArns: ["other"] }, 61)).toEqual([]);
});
