import { describe, expect, test } from "@jest/globals";
import { Testing } from "cdktf";
import type { Environment } from "../../../config/environment.ts";
import { WebAppStack } from "../../../constructs/web-app-stack.ts";
import { everything, small } from "../../config/sample.ts";
import { Synthesized } from "../synthesized.ts";

const stackOf = (environment: Environment) =>
  new Synthesized(new WebAppStack(Testing.app(), environment.name, environment));
const full = stackOf(everything);

test("nothing of it is there unless it was asked for", () => {
  const kinds = ["alarm", "dashboard", "trail", "kms", "iam_group", "openid", "aws_instance"];
  const found = stackOf(small).inventory();
  expect(found.filter((type) => kinds.some((kind) => type.includes(kind)))).toEqual([]);
});

describe("alarms", () => {
  const alarms = full.all("aws_cloudwatch_metric_alarm");

  test("watch errors, health, latency, and the database and its replica", () => {
    expect(alarms.map(({ metric_name }) => metric_name).sort()).toEqual([
      "CPUUtilization",
      "DatabaseConnections",
      "FreeStorageSpace",
      "HTTPCode_ELB_5XX_Count",
      "HTTPCode_Target_5XX_Count",
      "ReplicaLag",
      "TargetResponseTime",
      "UnHealthyHostCount",
    ]);
  });

  test("never look at the Auto Scaling group, whose name is another after each rollout", () => {
    expect(JSON.stringify(alarms)).not.toContain("AutoScalingGroup");
  });

  test("say what it means, and send mail when it begins and when it is over", () => {
    for (const alarm of alarms) {
      expect(alarm.alarm_description).toMatch(/\w+ \w+/);
      expect(alarm.alarm_actions).toEqual(alarm.ok_actions);
    }
    expect(full.one("aws_sns_topic_subscription")).toMatchObject({
      protocol: "email",
      endpoint: "ops@example.com",
    });
  });
});

test("the dashboard has a graph for each alarm, at its threshold, side by side", () => {
  const { widgets } = JSON.parse(String(full.one("aws_cloudwatch_dashboard").dashboard_body));
  expect(widgets).toHaveLength(full.all("aws_cloudwatch_metric_alarm").length);
  const places = widgets.map(({ x, y }: { x: number; y: number }) => `${x} ${y}`);
  expect(new Set(places).size).toBe(places.length);
});

test("the trail is of all regions, with digests, into a bucket that takes it from this trail alone", () => {
  expect(full.one("aws_cloudtrail")).toMatchObject({
    is_multi_region_trail: true,
    include_global_service_events: true,
    enable_log_file_validation: true,
  });
  const policies = full.all("aws_s3_bucket_policy").map(({ policy }) => JSON.parse(String(policy)).Statement);
  const delivery = policies
    .flat()
    .filter(({ Principal }) => Principal.Service === "cloudtrail.amazonaws.com");
  expect(delivery).toHaveLength(2);
  for (const { Condition } of delivery) {
    expect(Condition.StringEquals["aws:SourceArn"]).toBe(
      "arn:aws:cloudtrail:us-east-1:123456789012:trail/webstead-full",
    );
  }
});

test("a key of one's own is renewed each year and encrypts all that lies still", () => {
  expect(full.one("aws_kms_key")).toMatchObject({ enable_key_rotation: true, deletion_window_in_days: 30 });
  const key = expect.stringContaining("aws_kms_key.customer-key");
  const [database] = full.all("aws_db_instance");
  expect(database?.kms_key_id).toEqual(key);
  expect(full.one("aws_secretsmanager_secret").kms_key_id).toEqual(key);
  expect(full.one("aws_dynamodb_table").server_side_encryption).toMatchObject({ kms_key_arn: key });
});

describe("a bastion", () => {
  const byAgent = stackOf({ ...small, operations: { bastion: { access: "session-manager" } } });

  test("by Session Manager stands with the app, and no port of it is open", () => {
    expect(byAgent.one("aws_instance")).toMatchObject({ subnet_id: expect.stringContaining("app_subnet-a") });
    const open = byAgent
      .all("aws_vpc_security_group_ingress_rule")
      .filter((rule) => String(rule.security_group_id).includes("bastion"));
    expect(open).toEqual([]);
  });

  test("by SSH stands in the open for the named addresses, with a key that is there", () => {
    expect(full.one("aws_instance")).toMatchObject({
      subnet_id: expect.stringContaining("public_subnet-a"),
      key_name: "ops",
      metadata_options: expect.objectContaining({ http_tokens: "required" }),
    });
  });

  test("and with it alone comes its way to the database", () => {
    const toDatabase = (stack: Synthesized) =>
      stack
        .all("aws_vpc_security_group_ingress_rule")
        .filter((rule) => String(rule.security_group_id).includes("database"))
        .map((rule) => String(rule.referenced_security_group_id).replace(/^.*\.(\w+)_connections.*$/, "$1"));
    expect(toDatabase(byAgent).sort()).toEqual(["bastion", "service"]);
    expect(toDatabase(stackOf(small))).toEqual(["service"]);
  });
});

describe("operators", () => {
  const policies = full.all("aws_iam_group_policy").map(({ policy }) => JSON.parse(String(policy)).Statement);

  test("may do nothing without a second factor but set one up", () => {
    const denied = policies.flat(2).filter(({ Effect }) => Effect === "Deny");
    expect(denied).toEqual([
      expect.objectContaining({
        NotAction: expect.arrayContaining(["iam:EnableMFADevice"]),
        Resource: "*",
        Condition: { BoolIfExists: { "aws:MultiFactorAuthPresent": "false" } },
      }),
    ]);
  });

  test("get no access key", () => {
    expect(full.inventory().filter((type) => /access_key|iam_user/.test(type))).toEqual([]);
  });
});

test("deployers are trusted by repository and branch, and a plan may hold the lock", () => {
  const trusted = full
    .all("aws_iam_role")
    .map(({ assume_role_policy }) => JSON.parse(String(assume_role_policy)).Statement[0])
    .filter(({ Principal }) => Principal.Federated !== undefined)
    .map(({ Condition }) => Condition.StringEquals["token.actions.githubusercontent.com:sub"]);
  expect(trusted.sort()).toEqual(["repo:example/app:pull_request", "repo:example/app:ref:refs/heads/main"]);
  const state = full
    .all("aws_iam_role_policy")
    .filter(({ name }) => name === "state")
    .map(({ policy }) => JSON.parse(String(policy)).Statement.at(-1));
  for (const { Action, Resource } of state) {
    expect(Action).toEqual(["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]);
    expect(Resource).toEqual([
      "arn:aws:s3:::webstead-123456789012-us-east-1-state/full/terraform.tfstate.tflock",
    ]);
  }
});

test("a group that scales leaves the number to its policy and waits for its least", () => {
  expect(full.one("aws_autoscaling_group")).toMatchObject({
    min_size: 2,
    max_size: 6,
    wait_for_elb_capacity: 2,
  });
  expect(full.one("aws_autoscaling_group")).not.toHaveProperty("desired_capacity");
  expect(full.one("aws_autoscaling_policy")).toMatchObject({
    policy_type: "TargetTrackingScaling",
    estimated_instance_warmup: 90,
    target_tracking_configuration: expect.objectContaining({ target_value: 70 }),
  });
});
