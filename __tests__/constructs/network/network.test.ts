import { describe, expect, test } from "@jest/globals";
import { Network, type NetworkProps } from "../../../constructs/network/network.ts";
import { synthesize } from "../synthesized.ts";

const networkOf = (settings: Partial<NetworkProps> = {}) =>
  synthesize((stack) => {
    new Network(stack, "network", { region: "eu-west-1", nat: "single", ...settings });
  });

describe("a network with one NAT gateway", () => {
  const network = networkOf();

  test("is made of these resources and no others", () => {
    expect(network.inventory()).toEqual([
      "aws_default_security_group",
      "aws_eip",
      "aws_internet_gateway",
      "aws_nat_gateway",
      ...Array(3).fill("aws_route"),
      ...Array(4).fill("aws_route_table"),
      ...Array(6).fill("aws_route_table_association"),
      ...Array(6).fill("aws_subnet"),
      "aws_vpc",
      "aws_vpc_endpoint",
      "aws_vpc_endpoint",
    ]);
  });

  test("has a public, an app and a data subnet in each of two zones", () => {
    expect(subnetsOf(network)).toEqual([
      "10.0.1.0/24 eu-west-1a webstead-dev-public-a",
      "10.0.2.0/24 eu-west-1b webstead-dev-public-b",
      "10.0.3.0/24 eu-west-1a webstead-dev-app-a",
      "10.0.4.0/24 eu-west-1b webstead-dev-app-b",
      "10.0.5.0/24 eu-west-1a webstead-dev-data-a",
      "10.0.6.0/24 eu-west-1b webstead-dev-data-b",
    ]);
  });

  test("gives no instance a public address", () => {
    expect(network.all("aws_subnet").map((subnet) => subnet.map_public_ip_on_launch)).toEqual(
      Array(6).fill(false),
    );
  });

  test("routes the public tier to the internet gateway, the app tier to NAT and the data tier nowhere", () => {
    const routes = network
      .all("aws_route")
      .map(({ route_table_id, gateway_id, nat_gateway_id }) => [
        nameIn(route_table_id),
        nameIn(gateway_id ?? nat_gateway_id),
      ]);
    expect(routes).toEqual([
      ["aws_route_table.network_app_route-table-a", "aws_nat_gateway.network_nat_gateway-1"],
      ["aws_route_table.network_app_route-table-b", "aws_nat_gateway.network_nat_gateway-1"],
      ["aws_route_table.network_public_route-table", "aws_internet_gateway.network_internet-gateway"],
    ]);
  });

  test("puts every subnet under the route table of its own tier", () => {
    const tiers = network
      .all("aws_route_table_association")
      .map(({ subnet_id, route_table_id }) => [tierIn(subnet_id), tierIn(route_table_id)]);
    expect(tiers).toHaveLength(6);
    for (const [subnet, routeTable] of tiers) expect(routeTable).toBe(subnet);
  });

  test("reaches S3 and DynamoDB without NAT, from the app tier only", () => {
    const endpoints = network.all("aws_vpc_endpoint");
    expect(endpoints.map(({ service_name }) => service_name)).toEqual([
      "com.amazonaws.eu-west-1.dynamodb",
      "com.amazonaws.eu-west-1.s3",
    ]);
    for (const endpoint of endpoints)
      expect(endpoint).toMatchObject({
        vpc_endpoint_type: "Gateway",
        route_table_ids: [
          expect.stringContaining("app_route-table-a"),
          expect.stringContaining("app_route-table-b"),
        ],
      });
  });

  test("leaves the default security group without a rule", () => {
    expect(network.one("aws_default_security_group")).toEqual({
      vpc_id: expect.any(String),
      tags: { Name: "webstead-dev-default-unused" },
    });
  });
});

test("a network with NAT per zone sends each zone through its own gateway", () => {
  const network = networkOf({ nat: "per-zone" });
  expect(network.all("aws_nat_gateway")).toHaveLength(2);
  expect(network.all("aws_route").map((route) => nameIn(route.nat_gateway_id))).toEqual([
    "aws_nat_gateway.network_nat_gateway-1",
    "aws_nat_gateway.network_nat_gateway-2",
    "",
  ]);
});

test("a network without NAT has no way out but interface endpoints", () => {
  const network = networkOf({ nat: "none" });
  expect(network.all("aws_nat_gateway")).toEqual([]);
  expect(network.all("aws_route")).toHaveLength(1);
  expect(network.all("aws_vpc_endpoint").map((endpoint) => endpoint.service_name)).toEqual([
    "com.amazonaws.eu-west-1.dynamodb",
    "com.amazonaws.eu-west-1.logs",
    "com.amazonaws.eu-west-1.monitoring",
    "com.amazonaws.eu-west-1.secretsmanager",
    "com.amazonaws.eu-west-1.ssm",
    "com.amazonaws.eu-west-1.ssmmessages",
    "com.amazonaws.eu-west-1.s3",
  ]);
});

test("a network over three zones has nine subnets, numbered tier by tier", () => {
  const network = networkOf({ zones: ["a", "c", "d"], cidrBlock: "172.20.0.0/16" });
  expect(subnetsOf(network)).toEqual([
    "172.20.1.0/24 eu-west-1a webstead-dev-public-a",
    "172.20.2.0/24 eu-west-1c webstead-dev-public-c",
    "172.20.3.0/24 eu-west-1d webstead-dev-public-d",
    "172.20.4.0/24 eu-west-1a webstead-dev-app-a",
    "172.20.5.0/24 eu-west-1c webstead-dev-app-c",
    "172.20.6.0/24 eu-west-1d webstead-dev-app-d",
    "172.20.7.0/24 eu-west-1a webstead-dev-data-a",
    "172.20.8.0/24 eu-west-1c webstead-dev-data-c",
    "172.20.9.0/24 eu-west-1d webstead-dev-data-d",
  ]);
});

function subnetsOf(network: ReturnType<typeof networkOf>): string[] {
  return network
    .all("aws_subnet")
    .map(({ cidr_block, availability_zone, tags }) => {
      const { Name } = tags as { Name: string };
      return `${cidr_block} ${availability_zone} ${Name}`;
    })
    .sort();
}

/** `${aws_vpc.network_vpc_1A2B3C4D.id}` -> `aws_vpc.network_vpc`. */
function nameIn(expression: unknown): string {
  return /\$\{(.*)_[0-9A-F]{8}\./.exec(String(expression))?.[1] ?? "";
}

/** `${aws_subnet.network_app_subnet-a_1A2B3C4D.id}` -> `app`. */
function tierIn(expression: unknown): string | undefined {
  return /\.network_(public|app|data)_/.exec(String(expression))?.[1];
}
