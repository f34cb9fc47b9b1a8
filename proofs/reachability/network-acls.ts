import { type Block, blocks, isTrue, list, type Resource, type StackJson } from "../stack-json.ts";
import { contains, everywhere, type Ipv4Block, parseBlock } from "./ipv4.ts";

/** One line of a network ACL. */
export interface AclRule {
  readonly number: number;
  readonly way: "in" | "out";
  readonly allows: boolean;
  readonly protocol: string;
  readonly fromPort: number;
  readonly toPort: number;
  readonly block: Ipv4Block;
}

/** The stateless filter at the edge of a subnet. */
export interface NetworkAcl {
  readonly name: string;
  /** In the order in which AWS reads them: the first that fits decides, and none is a refusal. */
  readonly rules: readonly AclRule[];
}

/** AWS's default: everything passes. */
const openAcl: NetworkAcl = {
  name: "the VPC's default network ACL",
  rules: (["in", "out"] as const).map((way) => ({
    number: 100,
    way,
    allows: true,
    protocol: "-1",
    fromPort: 0,
    toPort: 65535,
    block: everywhere,
  })),
};

/** The ACL of a subnet: its own, or the VPC's default one, which is open unless the stack took it over. */
export function aclOf(stack: StackJson, subnet: Resource): NetworkAcl {
  const associated = stack.pointingTo(subnet, "aws_network_acl_association", "subnet_id");
  const own =
    stack.pointingTo(subnet, "aws_network_acl", "subnet_ids")[0] ??
    stack.target(associated[0]?.block.network_acl_id, "aws_network_acl", "aws_default_network_acl") ??
    stack.all("aws_default_network_acl")[0];
  return own === undefined ? openAcl : readAcl(stack, own);
}

/** Whether the ACL lets a TCP packet through; `address` is the far end, `port` the packet's destination. */
export function passes(acl: NetworkAcl, way: "in" | "out", address: number, port: number): boolean {
  const decisive = acl.rules.find(
    (rule) =>
      rule.way === way &&
      contains(rule.block, address) &&
      (["-1", "all"].includes(rule.protocol) ||
        (["tcp", "6"].includes(rule.protocol) && rule.fromPort <= port && port <= rule.toPort)),
  );
  return decisive?.allows ?? false;
}

function readAcl(stack: StackJson, acl: Resource): NetworkAcl {
  const inline = (["ingress", "egress"] as const).flatMap((name) =>
    blocks(acl.block[name]).map((block) =>
      readRule(stack, block, name === "ingress" ? "in" : "out", block.rule_no, block.action),
    ),
  );
  const standalone = stack
    .pointingTo(acl, "aws_network_acl_rule", "network_acl_id")
    .map(({ block }) =>
      readRule(stack, block, isTrue(block.egress) ? "out" : "in", block.rule_number, block.rule_action),
    );
  const rules = [...inline, ...standalone].flat().sort((a, b) => a.number - b.number);
  return { name: acl.name, rules };
}

/** A block that only Terraform knows is left out: what it allows is not proved. */
function readRule(
  stack: StackJson,
  block: Block,
  way: "in" | "out",
  number: unknown,
  action: unknown,
): AclRule[] {
  return list(block.cidr_block).flatMap((value) => {
    const parsed = parseBlock(stack.literal(value));
    if (parsed === undefined) return [];
    const protocol = String(block.protocol ?? "-1");
    const all = protocol === "-1" || protocol === "all";
    return [
      {
        number: Number(number),
        way,
        allows: action === "allow",
        protocol,
        fromPort: all ? 0 : Number(block.from_port ?? 0),
        toPort: all ? 65535 : Number(block.to_port ?? 65535),
        block: parsed,
      },
    ];
  });
}
