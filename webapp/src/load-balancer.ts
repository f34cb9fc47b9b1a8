import { BlockList, isIPv6 } from "node:net";

/** The load balancer keeps connections for 60 s: ours must outlive its, else it sends a request into a closing one. */
export const KEEP_ALIVE_TIMEOUT = 65_000;

/** A little more than the keep-alive, else Node cuts a connection that is merely idle. */
export const HEADERS_TIMEOUT = 66_000;

const PRIVATE = new BlockList();
PRIVATE.addSubnet("10.0.0.0", 8);
PRIVATE.addSubnet("172.16.0.0", 12);
PRIVATE.addSubnet("192.168.0.0", 16);
PRIVATE.addSubnet("127.0.0.0", 8);

/** Whose `X-Forwarded-*` is believed: the nearest sender only, and only from a private address, as ours has. */
export function trustLoadBalancer(address: string, hop: number): boolean {
  return hop === 0 && PRIVATE.check(address, isIPv6(address) ? "ipv6" : "ipv4");
}
