import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "@jest/globals";
import { describeWatched, watch } from "../../../cli/rollout/watch.ts";

let server: Server;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

test("every probe is counted, and those that were answered 200", async () => {
  const statuses = [200, 503, 200];
  let count = 0;
  const three = new Promise<void>((resolve) => {
    server = createServer((_, response) => {
      response.writeHead(statuses[count++] ?? 200).end();
      if (count === statuses.length) resolve();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const watching = watch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/healthz`);
  await three;
  const seen = await watching.stop();
  expect([seen.asked - seen.answered, seen.asked]).toEqual([1, 3]);
});

test("what users noticed is told as it was seen, and not at all when nobody looked", () => {
  expect(describeWatched({ asked: 9, answered: 9 })).toBe(
    "users noticed nothing: all of 9 probes in that time were answered",
  );
  expect(describeWatched({ asked: 9, answered: 7 })).toBe(
    "users may have noticed: 2 of 9 probes in that time were not answered",
  );
  expect(describeWatched({ asked: 0, answered: 0 })).toBe("");
  expect(describeWatched(undefined)).toBe("");
});
