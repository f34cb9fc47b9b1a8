/** An IPv4 block as numbers: its first and its last address. */
export interface Ipv4Block {
  readonly first: number;
  readonly last: number;
}

const ADDRESSES = 2 ** 32;

/** All of IPv4. */
export const everywhere: Ipv4Block = { first: 0, last: ADDRESSES - 1 };

/** Addresses that no router of the internet carries. */
const privateBlocks = [
  "10.0.0.0/8",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "100.64.0.0/10",
  "169.254.0.0/16",
].map((text) => parseBlock(text) as Ipv4Block);

/** Reads `10.0.0.0/16`; undefined for anything else, also for a block whose address has bits behind its prefix. */
export function parseBlock(text: unknown): Ipv4Block | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(String(text));
  if (match === null) return undefined;
  const [a = 0, b = 0, c = 0, d = 0, length = 0] = match.slice(1).map(Number);
  if (Math.max(a, b, c, d) > 255 || length > 32) return undefined;
  const first = ((a * 256 + b) * 256 + c) * 256 + d;
  const size = 2 ** (32 - length);
  return first % size === 0 ? { first, last: first + size - 1 } : undefined;
}

/** `10.0.0.1` of a number. */
export function formatAddress(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
}

/** Length of the prefix: 0 for everywhere, 32 for one address. */
export function prefixLength({ first, last }: Ipv4Block): number {
  return 32 - Math.log2(last - first + 1);
}

/** Whether an address lies in the block. */
export function contains({ first, last }: Ipv4Block, address: number): boolean {
  return address >= first && address <= last;
}

/** Whether an address is one of the internet's. */
export function isPublic(address: number): boolean {
  return !privateBlocks.some((block) => contains(block, address));
}

/**
 * A few addresses that stand for all of `within`: wherever any of `rules` begins or ends there is one on either side,
 * so whatever the rules decide for one of its addresses they decide for one of these.
 */
export function representatives(within: Ipv4Block, rules: readonly Ipv4Block[]): number[] {
  const edges = rules.flatMap(({ first, last }) => [first, last + 1]);
  const inside = edges.filter((address) => contains(within, address));
  return [...new Set([within.first, ...inside])].sort((a, b) => a - b);
}

/** The same for the internet as a whole. */
export function internetRepresentatives(rules: readonly Ipv4Block[]): number[] {
  return representatives(everywhere, [...rules, ...privateBlocks]).filter(isPublic);
}
