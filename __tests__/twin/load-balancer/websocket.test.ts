import { createHash } from "node:crypto";
import { request } from "node:http";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { WebSocket, WebSocketServer } from "ws";
import { listener, loadBalancer, targetGroup, world } from "../worlds.ts";
import { Bench } from "./bench.ts";

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});
afterEach(() => bench.close());

const shown = (targets: string[]) =>
  world({
    loadBalancers: [loadBalancer()],
    listeners: [listener([{ Type: "forward", TargetGroupArn: "tg" }])],
    targetGroups: [targetGroup(targets, { attributes: { "deregistration_delay.timeout_seconds": "0.1" } })],
  });

test("a WebSocket goes through, both ways, and ends when its target is deregistered", async () => {
  const server = await bench.target("a", (_, response) => response.end());
  const sockets = new WebSocketServer({ server });
  sockets.on("connection", (socket, incoming) => {
    socket.send(String(incoming.headers["x-forwarded-for"]));
    socket.on("message", (data) => socket.send(`echo ${data}`));
  });
  await bench.show(shown(["a"]), () => bench.state("a") === "healthy");

  const messages: string[] = [];
  const client = new WebSocket(`ws://127.0.0.1:${bench.port}/chat`);
  const closed = new Promise((resolve) => client.once("close", resolve));
  await new Promise<void>((resolve) => {
    client.on("open", () => client.send("hello"));
    client.on("message", (data) => {
      messages.push(String(data));
      if (messages.length === 2) resolve();
    });
  });
  expect(messages).toEqual(["127.0.0.1", "echo hello"]);

  await bench.show(shown([]), () => !bench.balancers.uses("a"));
  await closed;
});

test("a target that refuses the handshake answers for itself", async () => {
  await bench.target("a", (_, response) => response.writeHead(403).end("no"));
  await bench.show(shown(["a"]), () => bench.state("a") === "healthy");
  const error = await new Promise<Error>((resolve) =>
    new WebSocket(`ws://127.0.0.1:${bench.port}/`).once("error", resolve),
  );
  expect(error.message).toBe("Unexpected server response: 403");
});

test("without a target the handshake is a 503, with a dead one a 502", async () => {
  const refusal = () =>
    new Promise<string>((resolve) =>
      new WebSocket(`ws://127.0.0.1:${bench.port}/`).once("error", ({ message }) => resolve(message)),
    );
  await bench.show(shown([]));
  expect(await refusal()).toBe("Unexpected server response: 503");
  const server = await bench.target("a", (_, response) => response.end());
  await bench.show(shown(["a"]), () => bench.state("a") === "healthy");
  bench.servers.delete("a");
  server.close();
  expect(await refusal()).toBe("Unexpected server response: 502");
});

test("any other upgrade is an ordinary request", async () => {
  await bench.target("a", (incoming, response) => response.end(`plain ${incoming.headers.upgrade}`));
  await bench.show(shown(["a"]), () => bench.state("a") === "healthy");
  const key = createHash("md5").digest("base64");
  const body = await new Promise<string>((resolve, reject) => {
    const outgoing = request(
      {
        host: "127.0.0.1",
        port: bench.port,
        headers: { Connection: "Upgrade, HTTP2-Settings", Upgrade: "h2c", "HTTP2-Settings": key },
      },
      (incoming) => incoming.setEncoding("utf8").on("data", resolve),
    );
    outgoing.on("error", reject).end();
  });
  expect(body).toBe("plain undefined");
});
