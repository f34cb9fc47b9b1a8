import { describe, expect, test } from "@jest/globals";
import { NetworkModel } from "../../../proofs/reachability/network.ts";
import { sentences } from "../../../proofs/reachability/sentences.ts";
import { changed, type Drafts, find, reference, stacks } from "../stacks.ts";

describe.each(stacks)("in $name", ({ stack }) => {
  const network = new NetworkModel(stack);

  test.each(Object.entries(sentences))("%s", (_, against) => {
    expect(against(network)).toEqual([]);
  });
});

const IN = "aws_vpc_security_group_ingress_rule";
const OUT = "aws_vpc_security_group_egress_rule";

interface Mistake {
  readonly mistake: string;
  readonly caughtBy: keyof typeof sentences;
  readonly sample?: "dev" | "prod" | "island";
  readonly make: (resources: Drafts) => void;
}

const anyone = { ip_protocol: "tcp", cidr_ipv4: "0.0.0.0/0" };
const anyPort = { ip_protocol: "-1", cidr_ipv4: "0.0.0.0/0", from_port: undefined, to_port: undefined };
const group = (resources: Drafts, part: string) => reference(resources, "aws_security_group", part);
const subnet = (resources: Drafts, part: string) => reference(resources, "aws_subnet", part);
const add = (resources: Drafts, type: string, id: string, block: Record<string, unknown>) => {
  resources[type] = { ...resources[type], [id]: block };
};

const mistakes: Mistake[] = [
  {
    mistake: "SSH open to the world",
    caughtBy: "nothing listens on 22 from anywhere",
    make: (r) =>
      add(r, IN, "bad", { ...anyone, security_group_id: group(r, "service"), from_port: 22, to_port: 22 }),
  },
  {
    mistake: "SSH open to half the world",
    caughtBy: "nothing listens on 22 from anywhere",
    make: (r) =>
      add(r, IN, "bad", {
        ip_protocol: "tcp",
        cidr_ipv4: "128.0.0.0/1",
        security_group_id: group(r, "service"),
        from_port: 0,
        to_port: 1024,
      }),
  },
  {
    mistake: "a second port on the load balancer's group",
    caughtBy: "the internet reaches the load balancer on the ports of its listeners and nothing else",
    make: (r) =>
      add(r, IN, "bad", {
        ...anyone,
        security_group_id: group(r, "load-balancer"),
        from_port: 8080,
        to_port: 8080,
      }),
  },
  {
    mistake: "the app's port open to anyone",
    caughtBy: "anyone is let in by the load balancer's security group alone, on 80 and 443",
    make: (r) =>
      add(r, IN, "bad", { ...anyone, security_group_id: group(r, "service"), from_port: 80, to_port: 80 }),
  },
  {
    mistake: "the older rule resource on the database",
    caughtBy: "anyone is let in by the load balancer's security group alone, on 80 and 443",
    make: (r) =>
      add(r, "aws_security_group_rule", "bad", {
        type: "ingress",
        protocol: "tcp",
        cidr_blocks: ["0.0.0.0/0"],
        security_group_id: group(r, "database"),
        from_port: 3306,
        to_port: 3306,
      }),
  },
  {
    mistake: "the public listener's rule missing",
    caughtBy: "whoever should reach the load balancer does",
    make: (r) => {
      delete (r[IN] as Drafts[string])[
        Object.keys(r[IN] ?? {}).find((id) => id.includes("from-anywhere")) ?? ""
      ];
    },
  },
  {
    mistake: "the public listener open to half the world",
    caughtBy: "whoever should reach the load balancer does",
    make: (r) => {
      find(r, IN, "from-anywhere").cidr_ipv4 = "0.0.0.0/1";
    },
  },
  {
    mistake: "no route to the internet gateway",
    caughtBy: "whoever should reach the load balancer does",
    make: (r) => {
      find(r, "aws_route", "public").destination_cidr_block = "192.0.2.0/24";
    },
  },
  {
    mistake: "an internet gateway that hangs at no VPC",
    caughtBy: "whoever should reach the load balancer does",
    make: (r) => {
      delete find(r, "aws_internet_gateway").vpc_id;
    },
  },
  {
    mistake: "the app's port differs from the rule's",
    caughtBy: "the load balancer reaches the service on its port",
    make: (r) => {
      find(r, "aws_lb_target_group").port = 8000;
    },
  },
  {
    mistake: "the load balancer's way to the service missing",
    caughtBy: "the load balancer reaches the service on its port",
    make: (r) => {
      find(r, OUT, "to-service").to_port = 79;
    },
  },
  {
    mistake: "the service reachable from the whole VPC",
    caughtBy: "only the load balancer reaches the service, and on its port alone",
    sample: "island",
    make: (r) => {
      add(r, IN, "bad", {
        ip_protocol: "tcp",
        cidr_ipv4: "10.0.0.0/16",
        security_group_id: group(r, "service"),
        from_port: 80,
        to_port: 80,
      });
      add(r, OUT, "bad", { ...anyPort, security_group_id: group(r, "endpoints") });
    },
  },
  {
    mistake: "the database on another port",
    caughtBy: "the service reaches the database on its port",
    make: (r) => {
      find(r, "aws_db_instance").port = 3307;
    },
  },
  {
    mistake: "the load balancer let to the database",
    caughtBy: "only the service and a bastion reach the database, and on its port alone",
    make: (r) => {
      add(r, IN, "bad", {
        ip_protocol: "tcp",
        referenced_security_group_id: group(r, "load-balancer"),
        security_group_id: group(r, "database"),
        from_port: 3306,
        to_port: 3306,
      });
      add(r, OUT, "bad", {
        ip_protocol: "tcp",
        referenced_security_group_id: group(r, "database"),
        security_group_id: group(r, "load-balancer"),
        from_port: 3306,
        to_port: 3306,
      });
    },
  },
  {
    mistake: "the database in the load balancer's group",
    caughtBy: "the database opens no connection",
    make: (r) => {
      find(r, "aws_db_instance").vpc_security_group_ids = [group(r, "load-balancer")];
    },
  },
  {
    mistake: "egress all on the database",
    caughtBy: "the database opens no connection",
    make: (r) => add(r, OUT, "bad", { ...anyPort, security_group_id: group(r, "database") }),
  },
  {
    mistake: "the data tier routed to the NAT gateway",
    caughtBy: "subnets where nothing but databases stands have no way out",
    make: (r) =>
      add(r, "aws_route", "bad", {
        destination_cidr_block: "0.0.0.0/0",
        nat_gateway_id: reference(r, "aws_nat_gateway"),
        route_table_id: reference(r, "aws_route_table", "data"),
      }),
  },
  {
    mistake: "a public database",
    caughtBy: "services and databases have no public address",
    make: (r) => {
      find(r, "aws_db_instance").publicly_accessible = true;
    },
  },
  {
    mistake: "public addresses for instances",
    caughtBy: "no subnet gives public addresses by itself unless a bastion stands in it",
    make: (r) => {
      find(r, "aws_subnet", "public").map_public_ip_on_launch = true;
    },
  },
  {
    mistake: "the template gives a public address",
    caughtBy: "services and databases have no public address",
    make: (r) => {
      find(r, "aws_launch_template").network_interfaces = [{ associate_public_ip_address: "true" }];
    },
  },
  {
    mistake: "egress all on the service",
    caughtBy: "the service opens connections on 443 and to the database only",
    make: (r) => {
      Object.assign(find(r, OUT, "to-anywhere"), anyPort);
    },
  },
  {
    mistake: "no way out for the service",
    caughtBy: "an instance reaches every AWS service that its role may use",
    make: (r) => {
      find(r, OUT, "to-anywhere").cidr_ipv4 = "10.0.0.0/16";
    },
  },
  {
    mistake: "an app subnet associated with the data tier's table",
    caughtBy: "an instance reaches every AWS service that its role may use",
    make: (r) => {
      find(r, "aws_route_table_association", "app_association-a").route_table_id = reference(
        r,
        "aws_route_table",
        "data",
      );
    },
  },
  {
    mistake: "an interface endpoint without private DNS",
    caughtBy: "an instance reaches every AWS service that its role may use",
    sample: "island",
    make: (r) => {
      find(r, "aws_vpc_endpoint", "secretsmanager").private_dns_enabled = false;
    },
  },
  {
    mistake: "the endpoints' group closed",
    caughtBy: "an instance reaches every AWS service that its role may use",
    sample: "island",
    make: (r) => {
      find(r, IN, "endpoints").from_port = 444;
    },
  },
  {
    mistake: "the load balancer let out to anywhere",
    caughtBy: "the load balancer opens connections to the service only",
    make: (r) =>
      add(r, OUT, "bad", {
        ...anyone,
        security_group_id: group(r, "load-balancer"),
        from_port: 443,
        to_port: 443,
      }),
  },
  {
    mistake: "a NAT gateway in a private subnet",
    caughtBy: "each NAT gateway reaches the internet",
    make: (r) => {
      find(r, "aws_nat_gateway").subnet_id = subnet(r, "data_subnet-a");
    },
  },
  {
    mistake: "a NAT gateway without an address",
    caughtBy: "each NAT gateway reaches the internet",
    make: (r) => {
      delete find(r, "aws_nat_gateway").allocation_id;
    },
  },
  {
    mistake: "the zones' route tables swapped",
    caughtBy: "with a NAT gateway in each zone an instance goes out through its own zone's",
    sample: "prod",
    make: (r) => {
      find(r, "aws_route", "app_way-out-1").nat_gateway_id = reference(r, "aws_nat_gateway", "gateway-2");
    },
  },
  {
    mistake: "a missing association",
    caughtBy: "every subnet has a route table of its own choice",
    make: (r) => {
      const all = r.aws_route_table_association ?? {};
      delete all[Object.keys(all).find((id) => id.includes("data")) ?? ""];
    },
  },
  {
    mistake: "both subnets of the load balancer in one zone",
    caughtBy: "the load balancer and the database stand in two zones",
    make: (r) => {
      find(r, "aws_subnet", "public_subnet-b").availability_zone = "us-east-1a";
    },
  },
  {
    mistake: "no security group on the database",
    caughtBy: "everything that serves has a security group, and the VPC's default group allows nothing",
    make: (r) => {
      delete find(r, "aws_db_instance").vpc_security_group_ids;
    },
  },
  {
    mistake: "the default group left open",
    caughtBy: "everything that serves has a security group, and the VPC's default group allows nothing",
    make: (r) => {
      find(r, "aws_default_security_group").ingress = [
        { protocol: "-1", self: true, from_port: 0, to_port: 0 },
      ];
    },
  },
  {
    mistake: "an inline rule",
    caughtBy: "every rule is a resource of its own and names one port",
    make: (r) => {
      find(r, "aws_security_group", "service").egress = [
        { protocol: "tcp", from_port: 443, to_port: 443, cidr_blocks: ["0.0.0.0/0"] },
      ];
    },
  },
  {
    mistake: "one end of a permission missing",
    caughtBy: "between groups every permission is given at both ends",
    make: (r) => {
      find(r, OUT, "to-database").referenced_security_group_id = group(r, "service");
    },
  },
  {
    mistake: "IPv6 let in",
    caughtBy: "nothing speaks IPv6",
    make: (r) =>
      add(r, IN, "bad", {
        ip_protocol: "tcp",
        cidr_ipv6: "::/0",
        security_group_id: group(r, "load-balancer"),
        from_port: 80,
        to_port: 80,
      }),
  },
  {
    mistake: "something in a subnet that the proof does not know",
    caughtBy: "everything that stands in a subnet is known to the proof",
    make: (r) => add(r, "aws_lambda_function", "bad", { vpc_config: [{ subnet_ids: [subnet(r, "app")] }] }),
  },
  {
    mistake: "a network ACL that keeps the database's port shut",
    caughtBy: "the service reaches the database on its port",
    make: (r) => acl(r, "data", [line("in", 100, 443), answers("out")]),
  },
  {
    mistake: "a network ACL without a rule for answers",
    caughtBy: "the service reaches the database on its port",
    make: (r) => acl(r, "data", [line("in", 100, 3306)]),
  },
  {
    mistake: "a network ACL whose answers end at port 32768",
    caughtBy: "the service reaches the database on its port",
    make: (r) => acl(r, "data", [line("in", 100, 3306), { ...answers("out"), to_port: 32768 }]),
  },
  {
    mistake: "a network ACL whose refusal comes before its permission",
    caughtBy: "whoever should reach the load balancer does",
    make: (r) =>
      acl(r, "public", [
        { ...line("in", 90, 80), action: "deny", cidr_block: "128.0.0.0/1" },
        line("in", 100, 80),
        answers("out"),
        answers("in"),
        line("out", 100, 443),
      ]),
  },
  {
    mistake: "a network ACL that lets no answer back to the NAT gateway",
    caughtBy: "an instance reaches every AWS service that its role may use",
    make: (r) =>
      acl(r, "public", [line("in", 100, 80), line("in", 110, 443), answers("out"), line("out", 100, 443)]),
  },
];

const line = (way: "in" | "out", rule_no: number, port: number) => ({
  way,
  rule_no,
  action: "allow",
  protocol: "tcp",
  cidr_block: "0.0.0.0/0",
  from_port: port,
  to_port: port,
});
const answers = (way: "in" | "out") => ({ ...line(way, 200, 1024), to_port: 65535 });

/** Puts a network ACL before the subnets of a tier. */
function acl(resources: Drafts, tier: string, lines: ReturnType<typeof line>[]): void {
  const of = (way: "in" | "out") => lines.filter((one) => one.way === way).map(({ way: _, ...rule }) => rule);
  add(resources, "aws_network_acl", `acl-${tier}`, {
    subnet_ids: ["a", "b"].map((zone) => subnet(resources, `${tier}_subnet-${zone}`)),
    ingress: of("in"),
    egress: of("out"),
  });
}

test.each(mistakes)("$mistake is caught", ({ caughtBy, sample = "dev", make }) => {
  const against = sentences[caughtBy]?.(new NetworkModel(changed(sample, make)));
  expect(against).not.toEqual([]);
  expect(against).toBeDefined();
});

test("a network ACL with the ports in and the answers out keeps every sentence true", () => {
  const stack = changed("dev", (resources) => {
    acl(resources, "data", [line("in", 100, 3306), answers("out")]);
    acl(resources, "public", [
      line("in", 100, 80),
      line("in", 110, 443),
      answers("in"),
      answers("out"),
      line("out", 100, 80),
      line("out", 110, 443),
    ]);
  });
  const network = new NetworkModel(stack);
  expect(
    Object.entries(sentences).flatMap(([name, against]) =>
      against(network).map((found) => `${name}: ${found}`),
    ),
  ).toEqual([]);
});

test("no sentence is without a mistake that it catches", () => {
  expect([...new Set(mistakes.map(({ caughtBy }) => caughtBy))].sort()).toEqual(
    Object.keys(sentences).sort(),
  );
});

test("a replica that wears its primary's groups by one expression keeps every sentence true", () => {
  const stack = changed("dev", (resources) => {
    add(resources, "aws_db_instance", "copy", {
      replicate_source_db: reference(resources, "aws_db_instance", "", "identifier"),
      vpc_security_group_ids: reference(resources, "aws_db_instance", "", "vpc_security_group_ids").replace(
        /\{(.*)\}/,
        "{tolist($1)}",
      ),
    });
  });
  const network = new NetworkModel(stack);
  expect(network.every("database").map(({ groups }) => groups.length)).toEqual([1, 1]);
  expect(Object.values(sentences).flatMap((against) => against(network))).toEqual([]);
});

test.each([
  [80, []],
  [8000, [expect.stringContaining("allows nothing out at 8000")]],
])("containers that listen on %i are a service like instances", (port, expected) => {
  const stack = changed("dev", (resources) => {
    const { vpc_security_group_ids: groups } = find(resources, "aws_launch_template");
    const { vpc_zone_identifier: subnets } = find(resources, "aws_autoscaling_group");
    delete resources.aws_autoscaling_group;
    add(resources, "aws_ecs_service", "tasks", {
      network_configuration: { subnets, security_groups: groups, assign_public_ip: false },
      load_balancer: [{ container_port: port }],
    });
  });
  const against = sentences["the load balancer reaches the service on its port"];
  expect(against?.(new NetworkModel(stack)).slice(0, 1)).toEqual(expected);
});
