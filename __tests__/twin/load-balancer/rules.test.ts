import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { redirectLocation, WeightedChoice } from "../../../twin/load-balancer/actions.ts";
import { chooseAction, matchesPattern } from "../../../twin/load-balancer/rules.ts";
import type { Action, Rule } from "../../../twin/world.ts";
import { listener, loadBalancer, targetGroup, world } from "../worlds.ts";
import { Bench } from "./bench.ts";

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});
afterEach(() => bench.close());

const fixed = (body: string): Action => ({
  Type: "fixed-response",
  FixedResponseConfig: { StatusCode: "200", ContentType: "text/plain", MessageBody: body },
});

test.each([
  ["/api/*", "/api/entries", true],
  ["/api/*", "/API/entries", false],
  ["/img/?.png", "/img/1.png", true],
  ["/img/?.png", "/img/12.png", false],
  ["/a.b", "/aXb", false],
  ["/(x)[y]", "/(x)[y]", true],
])("the pattern %s on %s: %s", (pattern, path, expected) => {
  expect(matchesPattern(pattern, path)).toBe(expected);
});

test("the rule with the lowest priority number whose conditions all hold decides, the default comes last", () => {
  const rule = (priority: string, conditions: Rule["conditions"]): Rule => ({
    arn: priority,
    priority,
    conditions,
    actions: [fixed(priority)],
  });
  const path = (...Values: string[]) => ({ Field: "path-pattern", PathPatternConfig: { Values } });
  const host = (...Values: string[]) => ({ Field: "host-header", HostHeaderConfig: { Values } });
  const rules = [
    rule("default", []),
    rule("100", [path("/api/*")]),
    rule("20", [path("/api/*"), host("*.Example.com")]),
    rule("1", [{ Field: "source-ip" }]),
  ];
  const chosen = (requestHost: string, requestPath: string) =>
    chooseAction(rules, { host: requestHost, path: requestPath })?.FixedResponseConfig?.MessageBody;
  expect(chosen("a.example.com", "/api/x")).toBe("20");
  expect(chosen("localhost", "/api/x")).toBe("100");
  expect(chosen("a.example.com", "/")).toBe("default");
});

test("a redirect fills in what the client asked for", () => {
  const requested = {
    protocol: "http",
    host: "web.example.com",
    port: 80,
    path: "/a/b",
    query: "c=d",
  } as const;
  const none = () => undefined;
  expect(redirectLocation({ Protocol: "HTTPS", Port: "443" }, requested, none)).toBe(
    "https://web.example.com:443/a/b?c=d",
  );
  expect(
    redirectLocation(
      { Host: "www.#{host}", Path: "/new/#{path}", Query: "was=#{port}&#{query}" },
      requested,
      none,
    ),
  ).toBe("http://www.web.example.com:80/new/a/b?was=80&c=d");
});

test("a redirect to another port of the same host leads to where that listener really is", () => {
  const requested = { protocol: "http", host: "127.0.0.1", port: 80, path: "/", query: "" } as const;
  const real = (port: number) => (port === 443 ? 8443 : undefined);
  expect(redirectLocation({ Protocol: "HTTPS", Port: "443" }, requested, real)).toBe(
    "https://127.0.0.1:8443/",
  );
});

test("weights are kept exactly, a weight of 0 gets nothing", () => {
  const action: Action = {
    Type: "forward",
    ForwardConfig: {
      TargetGroups: [
        { TargetGroupArn: "blue", Weight: 3 },
        { TargetGroupArn: "green", Weight: 1 },
        { TargetGroupArn: "off", Weight: 0 },
      ],
    },
  };
  const choice = new WeightedChoice();
  const chosen = Array.from({ length: 8 }, () => choice.next(action));
  expect(chosen.filter((arn) => arn === "blue")).toHaveLength(6);
  expect(chosen.filter((arn) => arn === "green")).toHaveLength(2);
});

test("a listener answers redirect and fixed response by itself", async () => {
  const rules: Rule[] = [
    {
      arn: "r1",
      priority: "1",
      conditions: [{ Field: "path-pattern", Values: ["/old/*"] }],
      actions: [
        {
          Type: "redirect",
          RedirectConfig: { Host: "new.example.com", Port: "8081", StatusCode: "HTTP_302" },
        },
      ],
    },
    { arn: "d", priority: "default", conditions: [], actions: [fixed("fixed")] },
  ];
  await bench.show(world({ loadBalancers: [loadBalancer()], listeners: [listener([], { rules })] }));
  expect(await bench.ask("/old/x?y=1")).toMatchObject({
    status: 302,
    headers: { location: "http://new.example.com:8081/old/x?y=1", server: "awselb/2.0" },
  });
  expect(await bench.ask("/")).toMatchObject({
    status: 200,
    body: "fixed",
    headers: { "content-type": "text/plain" },
  });
  expect(await bench.ask("/", { method: "POST", body: "unread" })).toMatchObject({
    status: 200,
    body: "fixed",
  });
});

test("a request in flight outlives a change of its listener's rules, the next one follows the new rules", async () => {
  let arrived = () => {};
  const arrival = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  let finish = () => {};
  await bench.target("a", (_, response) => {
    finish = () => void response.end("slow");
    arrived();
  });
  const targetGroups = [targetGroup(["a"])];
  const loadBalancers = [loadBalancer()];
  const before = world({
    loadBalancers,
    targetGroups,
    listeners: [listener([{ Type: "forward", TargetGroupArn: "tg" }])],
  });
  await bench.show(before, () => bench.state("a") === "healthy");
  const inFlight = bench.ask();
  await arrival;
  await bench.show(world({ loadBalancers, targetGroups, listeners: [listener([fixed("new")])] }));
  expect((await bench.ask()).body).toBe("new");
  finish();
  expect((await inFlight).body).toBe("slow");
});

test("a second load balancer with the same port gets the next free one", async () => {
  const second = { ...loadBalancer(), arn: "lb2", dnsName: "second.elb.amazonaws.com" };
  await bench.show(
    world({
      loadBalancers: [loadBalancer(), second],
      listeners: [listener([fixed("1")]), listener([fixed("2")], { arn: "l2", loadBalancerArn: "lb2" })],
    }),
  );
  const [first, next] = bench.balancers.status();
  expect(first).toMatchObject({ dnsName: "web.elb.amazonaws.com", port: 80 });
  expect(next).toMatchObject({ dnsName: "second.elb.amazonaws.com", port: 80 });
  expect(next?.url).not.toBe(first?.url);
});
