import { type Block, blocks, list, type Resource, type StackJson } from "../stack-json.ts";
import { contains, type Ipv4Block, parseBlock } from "./ipv4.ts";

/** One permission of a security group, wherever the JSON says it. */
export interface SecurityRule {
  /** The resource that says it. */
  readonly source: Resource;
  /** Address of the security group it belongs to. */
  readonly group: string;
  readonly way: "in" | "out";
  /** `-1` for all. */
  readonly protocol: string;
  readonly fromPort: number;
  readonly toPort: number;
  /** Who is at the other end. */
  readonly peer: Peer;
  /** Whether the group itself says it, not a resource of its own. */
  readonly inline: boolean;
}

/** The other end of a rule. `unknown` is a block that only Terraform will know, as of a VPC that was there before. */
export type Peer =
  | { readonly kind: "block"; readonly block: Ipv4Block }
  | { readonly kind: "ipv6"; readonly text: string }
  | { readonly kind: "group"; readonly group: string }
  | { readonly kind: "prefix-list"; readonly name: string }
  | { readonly kind: "unknown"; readonly text: string };

/** Every security group rule of a stack: standalone in both of the provider's forms, and inline. */
export function securityRules(stack: StackJson): SecurityRule[] {
  const standalone = (["ingress", "egress"] as const).flatMap((name) =>
    stack
      .all(`aws_vpc_security_group_${name}_rule`)
      .flatMap((source) => rulesOf(stack, source, source.block, source.block.security_group_id, way(name))),
  );
  const older = stack
    .all("aws_security_group_rule")
    .flatMap((source) =>
      rulesOf(stack, source, source.block, source.block.security_group_id, way(source.block.type)),
    );
  const inline = stack.all("aws_security_group", "aws_default_security_group").flatMap((source) =>
    ["ingress", "egress"].flatMap((name) =>
      blocks(source.block[name]).flatMap((block) =>
        rulesOf(stack, source, block, `\${${source.address}.id}`, way(name)).map((rule) => ({
          ...rule,
          inline: true,
        })),
      ),
    ),
  );
  return [...standalone, ...older, ...inline];
}

/** Whether a rule lets TCP through at a port, whoever is at the other end. */
export function coversPort({ protocol, fromPort, toPort }: SecurityRule, port: number): boolean {
  if (protocol === "-1" || protocol === "all") return true;
  return (protocol === "tcp" || protocol === "6") && fromPort <= port && port <= toPort;
}

/** Whether a rule means somebody with this address and these groups. */
export function means({ peer }: SecurityRule, address: number, groups: readonly string[]): boolean {
  if (peer.kind === "block") return contains(peer.block, address);
  return peer.kind === "group" && groups.includes(peer.group);
}

function rulesOf(
  stack: StackJson,
  source: Resource,
  block: Block,
  securityGroup: unknown,
  direction: "in" | "out",
): SecurityRule[] {
  const group = nameOf(stack, securityGroup);
  const protocol = String(block.ip_protocol ?? block.protocol ?? "-1");
  const all = protocol === "-1" || protocol === "all";
  const fromPort = all ? 0 : Number(block.from_port ?? 0);
  const toPort = all ? 65535 : Number(block.to_port ?? 65535);
  return peersOf(stack, block, group).map((peer) => ({
    source,
    group,
    way: direction,
    protocol,
    fromPort,
    toPort,
    peer,
    inline: false,
  }));
}

function peersOf(stack: StackJson, block: Block, own: string): Peer[] {
  const ipv4 = [...list(block.cidr_ipv4), ...list(block.cidr_blocks)];
  const ipv6 = [...list(block.cidr_ipv6), ...list(block.ipv6_cidr_blocks)];
  const groups = [
    ...list(block.referenced_security_group_id),
    ...list(block.source_security_group_id),
    ...list(block.security_groups),
  ];
  const prefixLists = [...list(block.prefix_list_id), ...list(block.prefix_list_ids)];
  return [
    ...ipv4.map((value): Peer => {
      const text = String(stack.literal(value));
      const parsed = parseBlock(text);
      return parsed === undefined ? { kind: "unknown", text } : { kind: "block", block: parsed };
    }),
    ...ipv6.map((value): Peer => ({ kind: "ipv6", text: String(stack.literal(value)) })),
    ...groups.map((value): Peer => ({ kind: "group", group: nameOf(stack, value) })),
    ...prefixLists.map((value): Peer => ({ kind: "prefix-list", name: prefixListName(stack, value) })),
    ...(block.self === true ? [{ kind: "group", group: own } as const] : []),
  ];
}

/** A list of AWS's own by its name, for example `com.amazonaws.global.cloudfront.origin-facing`. */
function prefixListName(stack: StackJson, value: unknown): string {
  const source = stack.target(value);
  return String(stack.literal(source?.block.name ?? source?.block.service_name) ?? value);
}

/** The address of a group of this stack; what is written there for any other. */
export function nameOf(stack: StackJson, value: unknown): string {
  return stack.target(value)?.address ?? String(value);
}

function way(name: unknown): "in" | "out" {
  return name === "ingress" ? "in" : "out";
}
