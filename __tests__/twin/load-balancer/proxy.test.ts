import { connect } from "node:net";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import type { Action } from "../../../twin/world.ts";
import { listener, loadBalancer, targetGroup, world } from "../worlds.ts";
import { Bench } from "./bench.ts";

const toGroup: Action[] = [{ Type: "forward", TargetGroupArn: "tg" }];
let bench: Bench;

beforeEach(() => {
  bench = new Bench();
});
afterEach(() => bench.close());

function webWith(targets: string[], attributes: Record<string, string> = {}, delaySeconds = "5") {
  return world({
    loadBalancers: [loadBalancer(attributes)],
    listeners: [listener(toGroup)],
    targetGroups: [
      targetGroup(targets, { attributes: { "deregistration_delay.timeout_seconds": delaySeconds } }),
    ],
  });
}

async function showHealthy(ids: string[], attributes: Record<string, string> = {}, delaySeconds = "5") {
  const shown = webWith(ids, attributes, delaySeconds);
  await bench.show(shown, () => ids.every((id) => bench.state(id) === "healthy"));
  return shown;
}

test("requests go round robin over the healthy targets only", async () => {
  await bench.target("a", (_, response) => response.end("a"));
  await bench.target("b", (_, response) => response.end("b"));
  await bench.target("sick", (_, response) => response.end("sick"), 500);
  await bench.show(
    webWith(["a", "b", "sick"]),
    () =>
      bench.state("a") === "healthy" && bench.state("b") === "healthy" && bench.state("sick") === "unhealthy",
  );
  const bodies: string[] = [];
  for (let count = 0; count < 6; count += 1) bodies.push((await bench.ask()).body);
  expect(bodies.join("")).toMatch(/^(ab){3}$|^(ba){3}$/);
});

test("if every target is unhealthy, all of them get requests", async () => {
  await bench.target("a", (_, response) => response.end("a"), 500);
  await bench.target("b", (_, response) => response.end("b"), 500);
  await bench.show(webWith(["a", "b"]), () => ["a", "b"].every((id) => bench.state(id) === "unhealthy"));
  const bodies = [await bench.ask(), await bench.ask()].map(({ body }) => body);
  expect(bodies.sort()).toEqual(["a", "b"]);
});

test("without a registered target the answer is 503 in AWS's words", async () => {
  await bench.show(webWith([]));
  const answer = await bench.ask();
  expect(answer.status).toBe(503);
  expect(answer.headers.server).toBe("awselb/2.0");
  expect(answer.headers["content-type"]).toBe("text/html");
  expect(answer.body).toBe(
    "<html>\r\n<head><title>503 Service Temporarily Unavailable</title></head>\r\n<body>\r\n<center><h1>503 Service Temporarily Unavailable</h1></center>\r\n</body>\r\n</html>\r\n",
  );
});

test("a target that refuses the connection is a 502", async () => {
  const server = await bench.target("a", (_, response) => response.end("a"));
  await showHealthy(["a"]);
  bench.servers.delete("a");
  server.close();
  expect((await bench.ask()).status).toBe(502);
});

test("a target that cuts the connection before its answer is a 502", async () => {
  await bench.target("a", (request) => request.socket.destroy());
  await showHealthy(["a"]);
  expect(await bench.ask()).toMatchObject({ status: 502, headers: { server: "awselb/2.0" } });
});

test("an answer that breaks off in the middle breaks off for the client too", async () => {
  await bench.target("a", (request, response) => {
    response.writeHead(200, { "Content-Length": 100 });
    response.write("begin");
    setTimeout(() => request.socket.destroy(), 20);
  });
  await showHealthy(["a"]);
  await expect(bench.ask()).rejects.toThrow(/aborted|hang up/);
});

test("no answer within the idle timeout is a 504", async () => {
  await bench.target("a", () => {});
  await showHealthy(["a"], { "idle_timeout.timeout_seconds": "0.1" });
  const answer = await bench.ask();
  expect(answer.status).toBe(504);
  expect(answer.body).toContain("504 Gateway Time-out");
});

test("the target learns who asked, and nothing of the connection", async () => {
  await bench.target("a", (request, response) => response.end(JSON.stringify(request.headers)));
  await showHealthy(["a"]);
  const { body } = await bench.ask("/", {
    headers: {
      Host: "web.example.com",
      "X-Forwarded-For": "192.0.2.1",
      "X-Forwarded-Proto": "https",
      Connection: "close, X-Secret-Hop",
      "X-Secret-Hop": "1",
      "Proxy-Authorization": "x",
      "X-Kept": "yes",
    },
  });
  const headers = JSON.parse(body) as Record<string, string>;
  expect(headers).toMatchObject({
    host: "web.example.com",
    "x-forwarded-for": "192.0.2.1, 127.0.0.1",
    "x-forwarded-proto": "http",
    "x-forwarded-port": "80",
    "x-kept": "yes",
  });
  expect(headers["x-amzn-trace-id"]).toMatch(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/);
  expect(headers).not.toHaveProperty("x-secret-hop");
  expect(headers).not.toHaveProperty("proxy-authorization");
});

test("bodies stream both ways, each cookie of the answer stays its own header", async () => {
  await bench.target("a", (request, response) => {
    response.setHeader("Set-Cookie", ["a=1", "b=2"]);
    request.pipe(response);
  });
  await showHealthy(["a"]);
  const body = "x".repeat(500_000);
  for (const headers of [{ "Transfer-Encoding": "chunked" }, { "Content-Length": String(body.length) }]) {
    const answer = await bench.ask("/", { method: "POST", headers, body });
    expect(answer.body.length).toBe(body.length);
    expect(answer.headers["set-cookie"]).toEqual(["a=1", "b=2"]);
  }
});

test("an answer that comes before its body has ended reaches the client, and the rest of the body goes nowhere", async () => {
  await bench.target("a", (request, response) => {
    response.once("finish", () => request.resume());
    response.writeHead(413).end("too large");
  });
  await showHealthy(["a"]);
  const headers = { Connection: "keep-alive", "Content-Length": "20000000" };
  for (let count = 0; count < 10; count += 1) {
    const answer = await bench.ask("/", { method: "POST", headers, body: "x".repeat(20_000_000) });
    expect(answer).toMatchObject({ status: 413, body: "too large" });
  }
});

test("a POST without a body reaches the target as one", async () => {
  await bench.target("a", (request, response) =>
    response.end(`${request.method} ${request.headers["content-length"]}`),
  );
  await showHealthy(["a"]);
  expect((await bench.ask("/", { method: "POST" })).body).toBe("POST 0");
});

test("an idle connection that the target closes just when it is used again is never a 502", async () => {
  const served = new WeakSet<object>();
  await bench.target("a", (request, response) => {
    // As if the close had been on its way already.
    if (served.has(request.socket)) request.socket.destroy();
    else response.end(request.method);
    served.add(request.socket);
  });
  await showHealthy(["a"]);
  for (const method of ["GET", "GET", "POST", "GET", "POST"]) {
    expect(await bench.ask("/", { method })).toMatchObject({ status: 200, body: method });
  }
});

test("a request that changes something is never sent twice", async () => {
  let seen = 0;
  await bench.target("a", (request, response) => {
    if (request.method === "GET") response.end();
    else {
      seen += 1;
      request.socket.destroy();
    }
  });
  await showHealthy(["a"]);
  await bench.ask();
  expect((await bench.ask("/", { method: "POST" })).status).toBe(502);
  expect(seen).toBe(1);
});

test("connections to a target are used again", async () => {
  const sockets = new Set<number | undefined>();
  await bench.target("a", (request, response) => {
    sockets.add(request.socket.remotePort);
    response.end();
  });
  await showHealthy(["a"]);
  for (let count = 0; count < 5; count += 1) await bench.ask();
  expect(sockets.size).toBe(1);
});

/** A target that keeps its answer until told; `arrival` resolves when a request is there. */
async function heldTarget(id: string, text: string) {
  let arrived = () => {};
  let finish = () => {};
  const arrival = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  await bench.target(id, (_, response) => {
    finish = () => void response.end(text);
    arrived();
  });
  return { arrival, finish: () => finish() };
}

test("a draining target gets no new request, and its requests in flight end", async () => {
  const held = await heldTarget("a", "from a");
  await showHealthy(["a"]);
  const inFlight = bench.ask();
  await held.arrival;
  await bench.target("b", (_, response) => response.end("from b"));
  const without = webWith(["b"]);
  const listed = {
    ...targetGroup([]),
    targets: [
      { id: "a", port: 80, draining: true },
      { id: "b", port: 80 },
    ],
  };
  const draining = { ...without, targetGroups: [listed] };
  await bench.show(draining, () => bench.state("b") === "healthy");
  expect(bench.balancers.health().get("tg")).toContainEqual({
    id: "a",
    port: 80,
    state: "draining",
    reason: "Target.DeregistrationInProgress",
    description: "Target deregistration is in progress",
  });
  expect(bench.balancers.uses("a")).toBe(true);
  expect((await bench.ask()).body).toBe("from b");
  held.finish();
  expect((await inFlight).body).toBe("from a");
  await bench.show(draining, () => bench.state("a") === "unused");
  expect(bench.balancers.uses("a")).toBe(false);
  await bench.show(without, () => bench.state("a") === undefined);
});

test("after the deregistration delay a request in flight is broken off", async () => {
  const held = await heldTarget("a", "never");
  await showHealthy(["a"], {}, "0.1");
  const inFlight = bench.ask("/", { method: "POST" });
  await held.arrival;
  await bench.show(webWith([], {}, "0.1"), () => !bench.balancers.uses("a"));
  expect((await inFlight).status).toBe(502);
});

test("a target whose instance has ended is unused and gets nothing", async () => {
  await bench.target("i-1", (_, response) => response.end("a"));
  await bench.show(webWith(["i-1"]));
  expect(bench.balancers.health().get("tg")).toEqual([
    {
      id: "i-1",
      port: 80,
      state: "unused",
      reason: "Target.InvalidState",
      description: "Target is in the terminated state",
    },
  ]);
  expect((await bench.ask()).status).toBe(503);
});

test("a target group without a load balancer is not in use", async () => {
  await bench.show(world({ targetGroups: [targetGroup(["a"], { loadBalancerArns: [] })] }));
  expect(bench.balancers.health().get("tg")).toMatchObject([
    { id: "a", state: "unused", reason: "Target.NotInUse" },
  ]);
});

test("requests the load balancer refuses by itself", async () => {
  await bench.target("a", (_, response) => response.end());
  await showHealthy(["a"]);
  expect((await bench.ask(`/${"x".repeat(17_000)}`)).status).toBe(414);
  expect((await bench.ask("/", { headers: { "X-Long": "x".repeat(17_000) } })).status).toBe(400);
  expect((await bench.ask("/", { method: "TRACE" })).status).toBe(405);
  const addresses = Array.from({ length: 31 }, (_, index) => `192.0.2.${index}`).join(", ");
  expect((await bench.ask("/", { headers: { "X-Forwarded-For": addresses } })).status).toBe(463);
});

test("what is no HTTP is a 400", async () => {
  await bench.show(webWith([]));
  const answer = await new Promise<string>((resolve) => {
    const socket = connect(bench.port, "127.0.0.1", () => socket.write("no HTTP at all\r\n\r\n"));
    socket.setEncoding("utf8").on("data", resolve);
  });
  expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\nServer: awselb\/2\.0/);
});
