import { describe, expect, test } from "@jest/globals";
import { Testing } from "cdktf";
import { ExistingNetwork } from "../../../constructs/network/existing-network.ts";
import { WebAppStack } from "../../../constructs/web-app-stack.ts";
import { hosted } from "../../config/sample.ts";
import { Synthesized, synthesize } from "../synthesized.ts";

interface Checked {
  readonly lifecycle: Record<string, { readonly condition: string; readonly error_message: string }[]>;
}

describe("a network that is there", () => {
  const stack = synthesize((scope) => {
    new ExistingNetwork(scope, "network", hosted.network.existingVpc);
  });
  const data = (type: string) => Object.values(stack.json.data?.[type] ?? {}) as unknown as Checked[];

  test("is looked up, and nothing is made", () => {
    expect(stack.inventory()).toEqual([]);
    expect(Object.keys(stack.json.data ?? {}).sort()).toEqual(["aws_route_table", "aws_subnet", "aws_vpc"]);
  });

  test("must have two zones in each tier", () => {
    for (const { lifecycle } of data("aws_route_table")) {
      expect(lifecycle.precondition?.[0]?.condition).toMatch(
        /^\$\{length\(distinct\(\[data\.\S+, data\.\S+\]\)\) >= 2\}$/,
      );
    }
  });

  test("must route each tier as it is used", () => {
    const asked = data("aws_route_table").map(({ lifecycle }) => lifecycle.postcondition?.[0]?.error_message);
    expect(asked).toEqual(
      expect.arrayContaining([
        "network.existingVpc.publicSubnetIds: subnet-0000000a must have a default route to an internet gateway; change its route table or name another subnet",
        "network.existingVpc.appSubnetIds: subnet-0000000c must have a default route, but not to the internet gateway; change its route table or name another subnet",
        "network.existingVpc.dataSubnetIds: subnet-0000000e must not be routed to the internet gateway; change its route table or name another subnet",
      ]),
    );
  });

  test("must hold every subnet that is named", () => {
    for (const { lifecycle } of data("aws_subnet")) {
      expect(lifecycle.postcondition?.[0]?.condition).toMatch(
        /^\$\{self\.vpc_id == data\.aws_vpc\.\w+\.id\}$/,
      );
    }
  });
});

test("load balancer, service and database stand in the subnets that were named", () => {
  const stack = new Synthesized(new WebAppStack(Testing.app(), hosted.name, hosted));
  expect(stack.inventory().filter((type) => /vpc$|subnet$|nat|route|gateway/.test(type))).toEqual([]);
  const found = (kind: string) => [
    expect.stringContaining(`${kind}-1`),
    expect.stringContaining(`${kind}-2`),
  ];
  expect(stack.one("aws_lb").subnets).toEqual(found("network_public"));
  expect(stack.one("aws_autoscaling_group").vpc_zone_identifier).toEqual(found("network_app"));
  expect(stack.one("aws_db_subnet_group").subnet_ids).toEqual(found("network_data"));
});
