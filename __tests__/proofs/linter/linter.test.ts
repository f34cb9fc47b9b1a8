import { describe, expect, test } from "@jest/globals";
import { Testing } from "cdktf";
import type { Environment } from "../../../config/environment.ts";
import { loadEnvironments } from "../../../config/load.ts";
import { WebAppStack } from "../../../constructs/web-app-stack.ts";
import { StackJson } from "../../../proofs/stack-json.ts";
import { contained, everything, resilient, secluded, small } from "../../config/sample.ts";
import { lint, rules } from "./rules.ts";

type Resources = Record<string, Record<string, Record<string, unknown>>>;

const resourcesOf = (environment: Environment): Resources =>
  JSON.parse(Testing.synth(new WebAppStack(Testing.app(), environment.name, environment))).resource;

const own = (await loadEnvironments(process.cwd())).map(({ environment }) => environment);

test.each([small, resilient, secluded, contained, everything, ...own])(
  "$name has nothing of that kind",
  (environment) => {
    expect(lint(new StackJson({ resource: resourcesOf(environment) }))).toEqual([]);
  },
);

/** What is put into (or, if undefined, taken out of) the first resource of the rule's type. */
const mistakes: Record<string, Record<string, unknown>> = {
  "moving-template": { launch_template: { id: "lt-1", version: "$Latest" } },
  "launch-configuration": { launch_configuration: "lc" },
  "room-for-none": {
    max_size: 1,
    instance_maintenance_policy: { min_healthy_percentage: 100, max_healthy_percentage: 150 },
  },
  "gap-allowed": {
    max_size: 1,
    instance_maintenance_policy: { min_healthy_percentage: 50, max_healthy_percentage: 200 },
  },
  "instance-refresh": { instance_refresh: { strategy: "Rolling" } },
  "blind-group": { health_check_type: "EC2" },
  "short-grace": { health_check_grace_period: 15 },
  "unwaited-rollout": { wait_for_elb_capacity: undefined },
  "fixed-group-name": { name: "webstead" },
  "group-goes-first": { lifecycle: undefined },
  "unregistered-group": { target_group_arns: [] },
  "old-metadata": { metadata_options: { http_tokens: "optional", http_put_response_hop_limit: 1 } },
  "far-metadata": { metadata_options: { http_tokens: "required", http_put_response_hop_limit: 2 } },
  "plain-volume": { block_device_mappings: [{ ebs: { encrypted: "false" } }] },
  "key-pair": { key_name: "ops" },
  "fixed-target-group-name": { name: "webstead" },
  "long-drain": { deregistration_delay: undefined },
  "database-in-health-check": { health_check: { path: "/readyz" } },
  "smuggled-headers": { drop_invalid_header_fields: false },
  "inline-rules": { ingress: [] },
  "group-rules-deadlock": { name: "web" },
  "colliding-snapshot": { skip_final_snapshot: false, final_snapshot_identifier: "final" },
  "replica-snapshot": { replicate_source_db: "other", skip_final_snapshot: false },
  "plain-database": { storage_encrypted: false },
  "password-in-state": { password: "hunter2" },
  "floating-authority": { ca_cert_identifier: undefined },
  "no-backup": { backup_retention_period: 0 },
  "endless-log": { retention_in_days: undefined },
  "forgotten-group-alarm": { dimensions: { AutoScalingGroupName: "webstead" } },
  "broken-rollout-stays": { deployment_circuit_breaker: { enable: true, rollback: false } },
  "unnoticed-rollback": { lifecycle: undefined },
  "tasks-go-first": { deployment_minimum_healthy_percent: 50 },
  "definition-goes-first": { lifecycle: undefined },
  "moving-tag": { container_definitions: '[{"image":"webstead/app:latest"}]' },
  "secret-in-user-data": { user_data: "DB_PASSWORD=hunter2" },
};

describe("a mistake is found by its name, with its place, the reason and the fix:", () => {
  test.each(rules)("$name", ({ name, type }) => {
    const resource = resourcesOf(type.startsWith("aws_ecs_") ? contained : everything);
    const [address, it = {}] = Object.entries(resource[type] ?? {})[0] ?? [];
    for (const [key, value] of Object.entries(mistakes[name] ?? {})) {
      if (value === undefined) delete it[key];
      else it[key] = value;
    }
    const found = lint(new StackJson({ resource })).filter(({ rule }) => rule === name);
    expect(found.map(({ message }) => message)).toEqual([
      expect.stringMatching(new RegExp(`^${type}\\.${address}: .+; .+$`)),
    ]);
  });
});

test("no rule goes without its mistake", () => {
  expect(rules.map(({ name }) => name)).toEqual(Object.keys(mistakes));
});
