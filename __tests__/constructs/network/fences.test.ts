import { describe, expect, test } from "@jest/globals";
import { Network, type NetworkProps } from "../../../constructs/network/network.ts";
import { type Block, synthesize } from "../synthesized.ts";

const networkOf = (settings: Partial<NetworkProps> = {}) =>
  synthesize((stack) => {
    new Network(stack, "network", { region: "us-east-1", nat: "single", ...settings });
  });

describe("a network of two tiers", () => {
  const stack = networkOf({ cidrBlock: "10.1.0.0/16", tiers: 2 });

  test("has four subnets, numbered from 1 on", () => {
    expect(
      stack
        .all("aws_subnet")
        .map(({ cidr_block }) => cidr_block)
        .sort(),
    ).toEqual(["10.1.1.0/24", "10.1.2.0/24", "10.1.3.0/24", "10.1.4.0/24"]);
  });
});

describe("network ACLs", () => {
  const stack = networkOf({ networkAcls: true });
  const rulesOf = (tier: string) =>
    stack.all("aws_network_acl_rule").filter((rule) => String(rule.network_acl_id).includes(`${tier}-acl`));
  const said = ({ egress, cidr_block, from_port, to_port }: Block) =>
    `${egress ? "out to" : "in from"} ${cidr_block} ${from_port}-${to_port}`;

  test("stand around every subnet", () => {
    const fenced = stack.all("aws_network_acl").flatMap(({ subnet_ids }) => subnet_ids as string[]);
    expect(new Set(fenced).size).toBe(stack.all("aws_subnet").length);
  });

  test("let the data tier answer the VPC and nothing else", () => {
    expect(rulesOf("data").map(said)).toEqual([
      "in from 10.0.0.0/16 3306-3306",
      "out to 10.0.0.0/16 1024-65535",
    ]);
  });

  test("let answers back in: they remember no connection", () => {
    expect(rulesOf("app").map(said)).toEqual(
      expect.arrayContaining(["out to 0.0.0.0/0 443-443", "in from 0.0.0.0/0 1024-65535"]),
    );
  });

  test("number their rules without a collision", () => {
    const numbers = stack
      .all("aws_network_acl_rule")
      .map(({ network_acl_id, egress, rule_number }) => `${network_acl_id} ${egress} ${rule_number}`);
    expect(new Set(numbers).size).toBe(numbers.length);
  });
});

test("flow logs keep all traffic in a group of their own, by a role that can write nowhere else", () => {
  const stack = networkOf({ flowLogs: { retentionDays: 30 } });
  expect(stack.one("aws_flow_log")).toMatchObject({ traffic_type: "ALL" });
  expect(stack.one("aws_cloudwatch_log_group")).toMatchObject({
    name: "/webstead/dev/flows",
    retention_in_days: 30,
  });
  const [statement] = JSON.parse(String(stack.one("aws_iam_role_policy").policy)).Statement;
  expect(statement.Resource).toEqual([expect.stringMatching(/^\$\{aws_cloudwatch_log_group\..*\.arn\}:\*$/)]);
});
