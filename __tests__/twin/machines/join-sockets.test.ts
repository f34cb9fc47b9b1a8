import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { joinSockets } from "../../../twin/machines/join-sockets.ts";
import { listen } from "../../../twin/ports.ts";

let behind: Server;
let front: Server;
let answer: (socket: Socket) => void;

beforeEach(async () => {
  behind = createServer({ allowHalfOpen: true }, (socket) => answer(socket.on("error", () => {})));
  const port = await listen(behind, 0);
  front = createServer({ allowHalfOpen: true }, (socket) =>
    joinSockets(socket, connect({ host: "127.0.0.1", port, allowHalfOpen: true })),
  );
  await listen(front, 0);
});
afterEach(() => {
  front.close();
  behind.close();
});

const ask = () => connect((front.address() as AddressInfo).port, "127.0.0.1");

test("a request that ends its side still gets the whole answer", async () => {
  const large = Buffer.alloc(3_000_000, "x");
  answer = (socket) => socket.resume().on("end", () => socket.end(large));
  const socket = ask();
  socket.end("question");
  let got = 0;
  socket.on("data", (chunk) => {
    got += chunk.length;
  });
  await once(socket, "close");
  expect(got).toBe(large.length);
});

test("a connection that breaks on one side is broken on the other", async () => {
  const gone = new Promise<void>((resolve) => {
    answer = (socket) => socket.resume().on("end", () => resolve());
  });
  const socket = ask();
  socket.write("x");
  await once(behind, "connection");
  socket.resetAndDestroy();
  await gone;
});

test("where nobody listens the connection is closed, not held", async () => {
  behind.close();
  const socket = ask();
  socket.on("error", () => {});
  socket.resume();
  await once(socket, "close");
});
