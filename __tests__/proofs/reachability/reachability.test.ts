import { describe, expect, test } from "@jest/globals";
import { Testing } from "cdktf";
import type { Environment } from "../../../config/environment.ts";
import { loadEnvironments } from "../../../config/load.ts";
import { WebAppStack } from "../../../constructs/web-app-stack.ts";
import { contains } from "../../../proofs/reachability.ts";
import { everything, resilient, secluded, small } from "../../config/sample.ts";
import { sentencesAbout } from "./sentences.ts";

type Json = { resource: Record<string, Record<string, Record<string, unknown>>> };

const jsonOf = (environment: Environment): Json =>
  JSON.parse(Testing.synth(new WebAppStack(Testing.app(), environment.name, environment)));

const own = (await loadEnvironments(process.cwd())).map(({ environment }) => environment);

describe.each([small, resilient, secluded, everything, ...own])("in $name", (environment) => {
  test.each(sentencesAbout(jsonOf(environment), environment))("$text", ({ holds }) => {
    expect(holds).toBe(true);
  });
});

/** Finds the first resource of a type whose name has `part` in it. */
function pick(
  json: Json,
  type: string,
  part = "",
  where: (it: Record<string, unknown>) => boolean = () => true,
) {
  const found = Object.entries(json.resource[type] ?? {}).find(
    ([name, it]) => name.includes(part) && where(it),
  );
  if (found === undefined) throw new Error(`no ${type} with "${part}" in its name`);
  return { name: found[0], it: found[1], id: `\${${type}.${found[0]}.id}` };
}

const rule = "aws_vpc_security_group_ingress_rule";
const outRule = "aws_vpc_security_group_egress_rule";
const group = (json: Json, part: string) => pick(json, "aws_security_group", part).id;
const add = (json: Json, type: string, name: string, it: Record<string, unknown>) => {
  json.resource[type] = { ...json.resource[type], [name]: it };
};
const tcp = (port: number, more: Record<string, unknown>) => ({
  ip_protocol: "tcp",
  from_port: port,
  to_port: port,
  ...more,
});
const anywhere = { cidr_ipv4: "0.0.0.0/0" };

const mistakes: [what: string, make: (json: Json) => void, caught: string][] = [
  [
    "a port of the load balancer is opened",
    (json) =>
      add(json, rule, "x", tcp(8080, { security_group_id: group(json, "load-balancer"), ...anywhere })),
    "the internet reaches nothing of the load balancer but that",
  ],
  [
    "all ports of the load balancer are opened",
    (json) =>
      add(json, rule, "x", {
        ip_protocol: "-1",
        security_group_id: group(json, "load-balancer"),
        ...anywhere,
      }),
    "the internet reaches nothing of the load balancer but that",
  ],
  [
    "the public listener is closed",
    (json) => {
      delete json.resource[rule]?.[pick(json, rule, "load-balancer", (it) => it.from_port === 443).name];
    },
    "the internet reaches the load balancer on 80 and 443, in every zone",
  ],
  [
    "the service is opened to the VPC, and the bastion may ask it",
    (json) => {
      add(json, rule, "x", tcp(80, { security_group_id: group(json, "service"), cidr_ipv4: "10.0.0.0/8" }));
      add(json, outRule, "x", tcp(80, { security_group_id: group(json, "bastion"), ...anywhere }));
    },
    "nobody but the load balancer reaches the service",
  ],
  [
    "SSH to the service is opened for the load balancer",
    (json) => {
      const [a, b] = [group(json, "service"), group(json, "load-balancer")];
      add(json, rule, "x", tcp(22, { security_group_id: a, referenced_security_group_id: b }));
      add(json, outRule, "x", tcp(22, { security_group_id: b, referenced_security_group_id: a }));
    },
    "the load balancer reaches the service on no other port",
  ],
  [
    "the load balancer may not send to the service",
    (json) => {
      delete json.resource[outRule]?.[pick(json, outRule, "load-balancer").name];
    },
    "the load balancer reaches the service on 80, from every zone to every zone",
  ],
  [
    "the database is opened to its whole VPC",
    (json) => {
      add(
        json,
        rule,
        "x",
        tcp(3306, { security_group_id: group(json, "database"), cidr_ipv4: "10.1.0.0/16" }),
      );
      add(json, outRule, "x", tcp(3306, { security_group_id: group(json, "load-balancer"), ...anywhere }));
    },
    "the load balancer does not reach the database",
  ],
  [
    "the database is public, open and routed",
    (json) => {
      pick(json, "aws_db_instance", "database_instance").it.publicly_accessible = true;
    },
    "the internet reaches the database on no port",
  ],
  [
    "the database may talk to anybody",
    (json) => {
      add(json, outRule, "x", { ip_protocol: "-1", security_group_id: group(json, "database"), ...anywhere });
      add(
        json,
        rule,
        "x",
        tcp(80, {
          security_group_id: group(json, "service"),
          referenced_security_group_id: group(json, "database"),
        }),
      );
      json.resource.aws_network_acl = {};
    },
    "the database opens no connection to anybody",
  ],
  [
    "the data tier gets a way out",
    (json) =>
      add(json, "aws_route", "x", {
        route_table_id: pick(json, "aws_route_table", "data").id,
        destination_cidr_block: "0.0.0.0/0",
        nat_gateway_id: pick(json, "aws_nat_gateway").id,
      }),
    "subnets of the database's own have no way out",
  ],
  [
    "the tables of data and app are swapped",
    (json) => {
      const a = pick(json, "aws_route_table_association", "data_association-a").it;
      const b = pick(json, "aws_route_table_association", "app_association-a").it;
      [a.route_table_id, b.route_table_id] = [b.route_table_id, a.route_table_id];
    },
    "subnets of the database's own have no way out",
  ],
  [
    "an app subnet loses its way out",
    (json) => {
      delete json.resource.aws_route?.[pick(json, "aws_route", "app_way-out-2").name];
    },
    "the service reaches Secrets Manager, from every zone",
  ],
  [
    "an app subnet is routed past the NAT gateway",
    (json) => {
      const { it } = pick(json, "aws_route", "app_way-out-1");
      delete it.nat_gateway_id;
      it.gateway_id = pick(json, "aws_internet_gateway").id;
    },
    "the service reaches Secrets Manager, from every zone",
  ],
  [
    "a NAT gateway stands in a private subnet",
    (json) => {
      pick(json, "aws_nat_gateway").it.subnet_id = pick(json, "aws_subnet", "data").id;
    },
    "the service reaches Secrets Manager, from every zone",
  ],
  [
    "the public tier loses its internet gateway",
    (json) => {
      delete json.resource.aws_route?.[pick(json, "aws_route", "public_way-out").name];
    },
    "the internet reaches the load balancer on 80 and 443, in every zone",
  ],
  [
    "an association is forgotten",
    (json) => {
      delete json.resource.aws_route_table_association?.[
        pick(json, "aws_route_table_association", "public_association-a").name
      ];
    },
    "every subnet is routed by a table of this stack",
  ],
  [
    "an ACL lacks the answers of the load balancer",
    (json) => {
      delete json.resource.aws_network_acl_rule?.[
        pick(
          json,
          "aws_network_acl_rule",
          "public-acl",
          (it) => it.egress === true && it.from_port === 1024 && it.cidr_block === "0.0.0.0/0",
        ).name
      ];
    },
    "the internet reaches the load balancer on 80 and 443, in every zone",
  ],
  [
    "an ACL lacks the answers to the app",
    (json) => {
      delete json.resource.aws_network_acl_rule?.[
        pick(
          json,
          "aws_network_acl_rule",
          "app-acl",
          (it) => it.egress === false && it.cidr_block === "0.0.0.0/0",
        ).name
      ];
    },
    "the service reaches Secrets Manager, from every zone",
  ],
  [
    "an ACL forgets the database's answers",
    (json) => {
      delete json.resource.aws_network_acl_rule?.[
        pick(json, "aws_network_acl_rule", "data-acl", (it) => it.egress === true).name
      ];
    },
    "the service reaches the database on 3306, from every zone to every zone",
  ],
  [
    "a rule that denies comes first",
    (json) =>
      add(json, "aws_network_acl_rule", "x", {
        ...pick(json, "aws_network_acl_rule", "data-acl", (it) => it.egress === false).it,
        rule_number: 1,
        rule_action: "deny",
      }),
    "the service reaches the database on 3306, from every zone to every zone",
  ],
  [
    "a subnet has no ACL",
    (json) => {
      const { it } = pick(json, "aws_network_acl", "app-acl");
      it.subnet_ids = (it.subnet_ids as string[]).slice(1);
    },
    "with network ACLs every subnet has one",
  ],
  [
    "the service may talk to all of the internet's ports",
    (json) => {
      add(json, outRule, "x", { ip_protocol: "-1", security_group_id: group(json, "service"), ...anywhere });
      json.resource.aws_network_acl = {};
    },
    "the service reaches the internet on 443 alone, or not at all",
  ],
  [
    "the bastion is opened to the internet",
    (json) => {
      pick(json, rule, "bastion").it.cidr_ipv4 = "0.0.0.0/0";
      json.resource.aws_network_acl = {};
    },
    "the internet reaches nothing else",
  ],
  [
    "instances get public addresses, a port and a route",
    (json) => {
      for (const [, it] of Object.entries(json.resource.aws_subnet ?? {})) it.map_public_ip_on_launch = true;
      for (const [, it] of Object.entries(json.resource.aws_route ?? {})) {
        delete it.nat_gateway_id;
        it.gateway_id = pick(json, "aws_internet_gateway").id;
      }
      add(json, rule, "x", tcp(80, { security_group_id: group(json, "service"), ...anywhere }));
      json.resource.aws_network_acl = {};
    },
    "the internet reaches the service on no port",
  ],
];

describe("a mistake in the network is caught:", () => {
  test.each(mistakes)("%s", (_, make, caught) => {
    const json = jsonOf(everything);
    make(json);
    const broken = sentencesAbout(json, everything)
      .filter(({ holds }) => !holds)
      .map(({ text }) => text);
    expect(broken).toContain(caught);
  });
});

test.each([
  ["0.0.0.0/0", "10.0.1.0/24", true],
  ["10.0.0.0/16", "10.0.255.0/24", true],
  ["10.0.0.0/16", "10.1.0.0/24", false],
  ["10.0.1.0/24", "10.0.0.0/16", false],
  ["192.168.0.0/16", "192.168.3.0/24", true],
])("the block %s has %s in it: %s", (outer, inner, expected) => {
  expect(contains(outer, inner)).toBe(expected);
});
