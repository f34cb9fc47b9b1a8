import { expect, test } from "@jest/globals";
import { Construct } from "constructs";
import { type NameKind, nameAfter, physicalName, targetGroupNamePrefix } from "../../constructs/naming.ts";

function scopeOf(project: string, name: string): Construct {
  const scope = new Construct(undefined as unknown as Construct, "");
  nameAfter(scope, { project, name });
  return scope;
}

test.each<[NameKind, string[], string]>([
  ["loadBalancer", [], "webstead-dev"],
  ["databaseIdentifier", [], "webstead-dev"],
  ["logGroup", ["app"], "/webstead/dev/app"],
  ["secretPrefix", ["database"], "webstead/dev/database-"],
  ["rolePrefix", [], "webstead-dev-"],
  ["tag", ["public", "a"], "webstead-dev-public-a"],
])("%s %j is called %s", (kind, parts, name) => {
  expect(physicalName(scopeOf("webstead", "dev"), kind, ...parts)).toBe(name);
});

test("the longest project and environment that pass validation fit into every name", () => {
  const scope = scopeOf("p".repeat(12), "e".repeat(16));
  for (const kind of ["loadBalancer", "rolePrefix", "databaseIdentifier"] as const) {
    expect(physicalName(scope, kind)).toContain(`${"p".repeat(12)}-${"e".repeat(16)}`);
  }
});

test("a name that AWS would refuse is an error that shows rule and name", () => {
  expect(() => physicalName(scopeOf("webstead", "a".repeat(30)), "loadBalancer")).toThrow(
    /^loadBalancer must have at most 32 characters and match .*, got "webstead-a{30}"; change project or name/,
  );
  expect(() => physicalName(scopeOf("internal", "dev"), "loadBalancer")).toThrow('got "internal-dev"');
});

test("a part that only Terraform knows is not measured", () => {
  expect(physicalName(scopeOf("webstead", "dev"), "autoScalingGroup", `\${a.b:c}`)).toBe(
    `webstead-dev-\${a.b:c}`,
  );
});

test.each([
  ["dev", "dev-"],
  ["staging", "stagi-"],
  ["blue-green", "blue-"],
])("the target groups of %s start with %s", (environment, prefix) => {
  expect(targetGroupNamePrefix(scopeOf("webstead", environment))).toBe(prefix);
});
