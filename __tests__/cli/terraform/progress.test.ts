import { expect, test } from "@jest/globals";
import { ApplyProgress } from "../../../cli/terraform/apply-progress.ts";
import { describeDiagnostic, parseEvent } from "../../../cli/terraform/events.ts";
import { countPlan, describePlan } from "../../../cli/terraform/summary.ts";

const hook = (type: string, addr: string, action = "create") => {
  const event = parseEvent(
    JSON.stringify({ type, hook: { resource: { addr, resource_type: "x" }, action } }),
  );
  if (event === undefined) throw new Error(`${type} is not an event`);
  return event;
};

test("lines that are no event of ours are passed over", () => {
  expect(parseEvent("not json")).toBeUndefined();
  expect(parseEvent('{"type":"version"}')).toBeUndefined();
});

test("progress counts what is done and names what has been under way longest", () => {
  const progress = new ApplyProgress(3);
  progress.see(hook("apply_start", "aws_vpc.main"));
  progress.see(hook("apply_complete", "aws_vpc.main"));
  progress.see(hook("apply_start", "aws_lb.main"));
  progress.see(hook("apply_start", "aws_db_instance.main"));
  expect(progress.describe(Date.now() + 90_000)).toMatch(/^1\/3 aws_lb\.main \(1 min 30 s, 1 more\)$/);
});

test("reading a data source is not counted as a change", () => {
  const progress = new ApplyProgress(1);
  progress.see(hook("apply_start", "data.aws_ami.x", "read"));
  progress.see(hook("apply_complete", "data.aws_ami.x", "read"));
  expect(progress.describe()).toBe("0/1");
});

test("a plan is summed up by kind where it only creates, and named where it changes, replaces or deletes", () => {
  const change = (action: "create" | "update" | "delete" | "replace", type: string, name: string) => ({
    action,
    resource: { addr: `${type}.${name}`, resource_type: type },
  });
  const plan = {
    file: "",
    summary: { add: 4, change: 1, remove: 2, operation: "plan" as const },
    changes: [
      change("create", "aws_subnet", "a"),
      change("create", "aws_subnet", "b"),
      change("create", "aws_vpc", "main"),
      change("update", "aws_lb", "main"),
      change("delete", "aws_eip", "old"),
      change("replace", "aws_autoscaling_group", "main"),
    ],
  };
  expect(describePlan(plan)).toEqual([
    "  ~ aws_lb.main",
    "  - aws_eip.old",
    "  ± aws_autoscaling_group.main",
    "  + aws_subnet × 2",
    "  + aws_vpc",
  ]);
  expect(countPlan(plan)).toBe("4 to add, 1 to change, 2 to destroy");
  expect(countPlan({ ...plan, changes: [] })).toBe("no change");
});

test("a condition that does not hold is the resource's whose condition it is", () => {
  const diagnostic = {
    severity: "error",
    summary: "Resource postcondition failed",
    snippet: { context: "resource.aws_ecs_service.service_1.lifecycle.postcondition[0]" },
  };
  expect(parseEvent(JSON.stringify({ type: "diagnostic", diagnostic }))).toMatchObject({
    diagnostic: { address: "aws_ecs_service.service_1" },
  });
});

test("a diagnostic names the resource, and its detail is set in", () => {
  expect(
    describeDiagnostic({
      severity: "error",
      address: "aws_lb.main",
      summary: "creating",
      detail: "why\nhow\n",
    }),
  ).toBe("  aws_lb.main: creating\n    why\n    how");
});
