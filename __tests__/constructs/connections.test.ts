import { Vpc } from "@cdktf/provider-aws/lib/vpc/index.js";
import { describe, expect, test } from "@jest/globals";
import { Construct } from "constructs";
import { Connections } from "../../constructs/connections.ts";
import { emptyStack, Synthesized, synthesize } from "./synthesized.ts";

class Tier extends Construct {
  readonly connections: Connections;

  constructor(scope: Construct, id: string, vpc: Vpc, port: number) {
    super(scope, id);
    this.connections = new Connections(this, "connections", { vpc, port });
  }
}

test("a tier starts with an empty security group", () => {
  const stack = synthesize((scope) => {
    new Tier(scope, "app", new Vpc(scope, "vpc"), 8080);
  });
  expect(stack.inventory()).toEqual(["aws_security_group", "aws_vpc"]);
  expect(stack.one("aws_security_group")).toEqual({
    name_prefix: "webstead-dev-app-",
    description: "Who may talk to the app",
    vpc_id: `\${aws_vpc.vpc.id}`,
    tags: { Name: "webstead-dev-app" },
    lifecycle: { create_before_destroy: true },
  });
});

describe("allowing one tier to reach another", () => {
  const scope = emptyStack();
  const vpc = new Vpc(scope, "vpc");
  const app = new Tier(scope, "app", vpc, 8080);
  const data = new Tier(scope, "data", vpc, 3306);
  data.connections.allowFrom(app);
  const stack = new Synthesized(scope);

  test("makes one rule at each end, for the port of the one that is reached", () => {
    const rule = { description: "app to data", ip_protocol: "tcp", from_port: 3306, to_port: 3306 };
    expect(stack.one("aws_vpc_security_group_ingress_rule")).toMatchObject({
      ...rule,
      security_group_id: expect.stringContaining("data_connections"),
      referenced_security_group_id: expect.stringContaining("app_connections"),
    });
    expect(stack.one("aws_vpc_security_group_egress_rule")).toMatchObject({
      ...rule,
      security_group_id: expect.stringContaining("app_connections"),
      referenced_security_group_id: expect.stringContaining("data_connections"),
    });
  });

  test("gives both ends something to wait for", () => {
    expect(app.connections.rules).toHaveLength(1);
    expect(data.connections.rules).toHaveLength(1);
  });
});

test("a public port is open to every IPv4 address", () => {
  const stack = synthesize((scope) => {
    new Tier(scope, "door", new Vpc(scope, "vpc"), 80).connections.allowFromAnywhere();
  });
  expect(stack.one("aws_vpc_security_group_ingress_rule")).toMatchObject({
    cidr_ipv4: "0.0.0.0/0",
    from_port: 80,
    to_port: 80,
  });
});

test("port 22 from anywhere is refused with a pointer to Session Manager", () => {
  const scope = emptyStack();
  const tier = new Tier(scope, "bastion", new Vpc(scope, "vpc"), 22);
  expect(() => tier.connections.allowFromAnywhere()).toThrow(
    "test/bastion/connections: port 22 from 0.0.0.0/0 is refused; use Session Manager instead: aws ssm start-session --target <instance id>",
  );
});

test("a way out is open for one port only", () => {
  const stack = synthesize((scope) => {
    new Tier(scope, "app", new Vpc(scope, "vpc"), 80).connections.allowToAnywhere(443);
  });
  expect(stack.one("aws_vpc_security_group_egress_rule")).toMatchObject({
    cidr_ipv4: "0.0.0.0/0",
    ip_protocol: "tcp",
    from_port: 443,
    to_port: 443,
  });
});
