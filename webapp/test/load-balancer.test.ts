import { expect, test } from "@jest/globals";
import { trustLoadBalancer } from "../src/load-balancer.ts";

test.each([
  ["10.0.1.7", 0, true],
  ["::ffff:10.0.1.7", 0, true],
  ["127.0.0.1", 0, true],
  ["10.0.1.7", 1, false],
  ["203.0.113.9", 0, false],
  ["2001:db8::1", 0, false],
])("forwarding headers from %s at hop %d are believed: %s", (address, hop, believed) => {
  expect(trustLoadBalancer(address, hop)).toBe(believed);
});
