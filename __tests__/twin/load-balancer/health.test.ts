import { createServer } from "node:http";
import { expect, test } from "@jest/globals";
import {
  afterProbe,
  type Health,
  INITIAL,
  matches,
  type Outcome,
} from "../../../twin/load-balancer/health.ts";
import { probe } from "../../../twin/load-balancer/probe.ts";
import { freePort, listen } from "../../../twin/ports.ts";
import { targetGroup } from "../worlds.ts";

const thresholds = { healthyThreshold: 3, unhealthyThreshold: 2 };
const passed: Outcome = { kind: "passed" };
const failed: Outcome = { kind: "failed" };
const after = (...outcomes: Outcome[]): Health =>
  outcomes.reduce((health, outcome) => afterProbe(health, outcome, thresholds), INITIAL);

test("a new target is healthy after one passed check", () => {
  expect(INITIAL).toMatchObject({ state: "initial", reason: "Elb.InitialHealthChecking" });
  expect(after(passed).state).toBe("healthy");
  expect(after(passed)).not.toHaveProperty("reason");
});

test("as many failures in a row as the threshold says make it unhealthy, and one less does not", () => {
  expect(after(passed, failed).state).toBe("healthy");
  expect(after(passed, failed, passed, failed).state).toBe("healthy");
  expect(after(passed, failed, failed).state).toBe("unhealthy");
});

test("an unhealthy target needs the full threshold in a row to be healthy again", () => {
  expect(after(failed, failed, passed, passed).state).toBe("unhealthy");
  expect(after(failed, failed, passed, passed, failed, passed, passed).state).toBe("unhealthy");
  expect(after(failed, failed, passed, passed, passed).state).toBe("healthy");
});

test("the reason is that of the last failure, in AWS's words", () => {
  expect(after(failed, failed)).toMatchObject({
    reason: "Target.FailedHealthChecks",
    description: "Health checks failed",
  });
  expect(after(failed, { kind: "timeout" })).toMatchObject({
    reason: "Target.Timeout",
    description: "Request timed out",
  });
  expect(after(failed, { kind: "mismatch", status: 500 })).toMatchObject({
    reason: "Target.ResponseCodeMismatch",
    description: "Health checks failed with these codes: [500]",
  });
});

test.each([
  ["200", 200, true],
  ["200", 204, false],
  ["200-299", 204, true],
  ["200,302", 302, true],
  ["200,302", 301, false],
  ["200-204, 302", 302, true],
])("the matcher %s takes %i: %s", (matcher, status, expected) => {
  expect(matches(matcher, status)).toBe(expected);
});

test("a probe tells a wrong status, silence and a refused connection apart", async () => {
  const check = { ...targetGroup([]).healthCheck, timeoutSeconds: 0.1 };
  const agents: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    agents.push(request.headers["user-agent"]);
    if (request.url === "/healthz") response.end();
    if (request.url === "/broken") response.writeHead(500).end();
  });
  const address = { host: "127.0.0.1", port: await listen(server, 0) };
  expect(await probe(address, check)).toEqual({ kind: "passed" });
  expect(await probe(address, { ...check, path: "/broken" })).toEqual({ kind: "mismatch", status: 500 });
  expect(await probe(address, { ...check, path: "/silent" })).toEqual({ kind: "timeout" });
  expect(agents[0]).toBe("ELB-HealthChecker/2.0");
  server.closeAllConnections();
  server.close();
  expect(await probe({ host: "127.0.0.1", port: await freePort() }, check)).toEqual({ kind: "failed" });
  expect(await probe(undefined, check)).toEqual({ kind: "failed" });
});
