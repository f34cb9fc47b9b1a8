import { type Block, blocks, type Resource, type StackJson } from "../stack-json.ts";
import { contains, type Ipv4Block, parseBlock, prefixLength } from "./ipv4.ts";

/** Where a route leads. */
export type Target =
  | { readonly kind: "internet-gateway" }
  | { readonly kind: "nat"; readonly gateway: Resource }
  | { readonly kind: "other" };

/** A subnet's route table; undefined where the subnet falls back to the VPC's main one, which is local only. */
export function routeTableOf(stack: StackJson, subnet: Resource): Resource | undefined {
  const [association] = stack.pointingTo(subnet, "aws_route_table_association", "subnet_id");
  return stack.target(association?.block.route_table_id, "aws_route_table", "aws_default_route_table");
}

/** Where packets from a subnet to an address outside of the VPC go: by the longest prefix, or nowhere. */
export function routeTo(stack: StackJson, subnet: Resource, address: number): Target | undefined {
  const table = routeTableOf(stack, subnet);
  if (table === undefined) return undefined;
  const routes = [
    ...blocks(table.block.route),
    ...stack.pointingTo(table, "aws_route", "route_table_id").map(({ block }) => block),
  ];
  const [best] = routes
    .flatMap((route) => {
      const block = parseBlock(stack.literal(route.destination_cidr_block ?? route.cidr_block));
      return block !== undefined && contains(block, address) ? [{ route, block }] : [];
    })
    .sort((a, b) => length(b.block) - length(a.block));
  return best === undefined ? undefined : targetOf(stack, best.route);
}

function targetOf(stack: StackJson, route: Block): Target {
  const gateway = stack.target(route.nat_gateway_id, "aws_nat_gateway");
  if (gateway !== undefined) return { kind: "nat", gateway };
  const internet = stack.target(route.gateway_id, "aws_internet_gateway");
  const attached =
    internet !== undefined &&
    (internet.block.vpc_id !== undefined ||
      stack.pointingTo(internet, "aws_internet_gateway_attachment", "internet_gateway_id").length > 0);
  return { kind: attached ? "internet-gateway" : "other" };
}

const length = (block: Ipv4Block) => prefixLength(block);
