import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, describe as group, test } from "@jest/globals";
import { Testing } from "cdktf";
import type { Environment } from "../../config/environment.ts";
import { loadEnvironments } from "../../config/load.ts";
import { WebAppStack } from "../../constructs/web-app-stack.ts";
import { type Architecture, DRAWN, describe, LEFT_OUT } from "../../diagram/describe.ts";
import { draw } from "../../diagram/draw.ts";
import { StackJson } from "../../proofs/stack-json.ts";
import { everything, resilient, secluded, small } from "../config/sample.ts";

const jsonOf = (environment: Environment) =>
  JSON.parse(Testing.synth(new WebAppStack(Testing.app(), environment.name, environment)));
const pictured = (environment: Environment): Architecture => describe(new StackJson(jsonOf(environment)));
const own = (await loadEnvironments(process.cwd())).map(({ environment }) => environment);

group("in the picture of", () => {
  test.each([small, resilient, secluded, everything, ...own])(
    "$name: every resource is drawn, or left out for a reason",
    (environment) => {
      const known = new Set([...DRAWN, ...Object.keys(LEFT_OUT)]);
      expect(Object.keys(jsonOf(environment).resource).filter((type) => !known.has(type))).toEqual([]);
    },
  );

  test.each([small, everything])(
    "$name: every arrow begins and ends at something that is drawn",
    (environment) => {
      const { nodes, edges } = pictured(environment);
      const ids = nodes.map(({ id }) => id);
      expect(edges.flatMap(({ from, to }) => [from, to]).filter((id) => !ids.includes(id))).toEqual([]);
      expect(new Set(ids).size).toBe(ids.length);
    },
  );
});

test("no reason is given for what no stack has, but for what an option brings", () => {
  const there = new Set(
    own.concat(everything).flatMap((environment) => Object.keys(jsonOf(environment).resource)),
  );
  expect(Object.keys(LEFT_OUT).filter((type) => !there.has(type))).toEqual([]);
});

test("arrows are what the network lets pass", () => {
  const arrows = pictured(small).edges.map(({ from, to, label }) => `${from} -> ${to} ${label}`.trim());
  expect(arrows).toEqual([
    "internet -> gateway",
    "gateway -> load balancer 80",
    "service -> database 3306",
    "load balancer -> service 80",
    "service -> nat 443",
    "nat -> gateway",
    "service -> secret reads",
  ]);
});

test("docs/prod.svg shows prod as it is: npm run diagram -- prod > docs/prod.svg draws it anew", async () => {
  const prod = own.find(({ name }) => name === "prod") as Environment;
  const shown = readFileSync(join(import.meta.dirname, "../../docs/prod.svg"), "utf8");
  expect(await draw(pictured(prod))).toBe(shown);
});
