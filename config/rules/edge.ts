import { areListenerRules, isDomainName, matches, whole } from "../checks.ts";
import { numberOr } from "./number-or.ts";
import { inSection, type Rule } from "./rule.ts";

/** The fields of `settings/edge.ts`. */
export const edgeRules: readonly Rule[] = [
  { path: "edge.healthCheck.interval", must: "be 5 to 300 whole seconds", use: "10", test: whole(5, 300) },
  {
    path: "edge.healthCheck.timeout",
    must: "be 2 to 120 whole seconds and less than edge.healthCheck.interval",
    use: (at) =>
      String(Math.min(120, Math.max(2, Math.floor(numberOr(at("edge.healthCheck.interval"), 10) / 2)))),
    test: (value, at) =>
      whole(2, 120)(value) && Number(value) < numberOr(at("edge.healthCheck.interval"), 300),
  },
  { path: "edge.healthCheck.healthyThreshold", must: "be 2 to 10 checks", use: "2", test: whole(2, 10) },
  { path: "edge.healthCheck.unhealthyThreshold", must: "be 2 to 10 checks", use: "2", test: whole(2, 10) },
  {
    path: "edge.deregistrationDelay",
    must: "be 0 to 3600 whole seconds",
    use: "30",
    optional: true,
    test: whole(0, 3600),
  },
  ...inSection("edge.https", [
    {
      path: "edge.https.domainName",
      must: "be a fully qualified name of at most 64 characters",
      use: '"app.example.com"',
      test: (value) => isDomainName(value) && String(value).length <= 64,
    },
    {
      path: "edge.https.hostedZoneId",
      must: "be the id of a Route 53 zone",
      use: '"Z0123456789ABCDEFGHIJ"',
      test: matches(/^Z[A-Z0-9]{1,31}$/),
    },
    {
      path: "edge.https.minimumTls",
      must: 'be "1.2" or "1.3", and "1.2" with edge.cloudFront, which has both and cannot be told to take one',
      use: '"1.2"',
      optional: true,
      test: (value, at) => value === "1.2" || (value === "1.3" && at("edge.cloudFront") === undefined),
    },
  ]),
  {
    path: "edge.cloudFront",
    must: "stand beside edge.https, in region us-east-1: its certificate and web ACL live there",
    use: (at) => (at("edge.https") === undefined || at("region") !== "us-east-1" ? "nothing" : "{}"),
    optional: true,
    test: (value, at) =>
      typeof value === "object" &&
      value !== null &&
      at("edge.https") !== undefined &&
      at("region") === "us-east-1",
  },
  ...inSection("edge.cloudFront", [
    {
      path: "edge.cloudFront.priceClass",
      must: 'be "100", "200" or "all"',
      use: '"100"',
      optional: true,
      test: (value) => ["100", "200", "all"].includes(String(value)) && typeof value === "string",
    },
  ]),
  ...inSection("edge.webAcl", [
    {
      path: "edge.webAcl.mode",
      must: 'be "count" or "block"',
      use: '"count"',
      test: (value) => value === "count" || value === "block",
    },
    {
      path: "edge.webAcl.requestsPer5Minutes",
      must: "be 100 to 20000000 requests",
      use: "2000",
      optional: true,
      test: whole(100, 20_000_000),
    },
  ]),
  ...inSection("edge.accessLogs", [
    { path: "edge.accessLogs.retentionDays", must: "be 1 to 3650 days", use: "90", test: whole(1, 3650) },
  ]),
  {
    path: "edge.listenerRules",
    must: "be rules with a priority of their own from 1 to 50000, one to five paths and hosts, and a redirect or an answer",
    use: '[{ priority: 10, paths: ["/old/*"], answer: { redirectTo: { path: "/new" } } }]',
    optional: true,
    test: areListenerRules,
  },
];
