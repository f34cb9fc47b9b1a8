import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { afterEach, expect, test } from "@jest/globals";
import { placeFinder } from "../../src/status/place.ts";

let server: Server | undefined;
const asked: string[] = [];

/** A metadata service that has these answers; undefined: it never answers. */
async function serve(answers: Readonly<Record<string, string | undefined>>): Promise<string> {
  asked.length = 0;
  server = createServer(({ method, url = "", headers }, response) => {
    asked.push(`${method} ${url}`);
    const isToken = url === "/latest/api/token";
    const isAllowed = isToken
      ? method === "PUT" && Number(headers["x-aws-ec2-metadata-token-ttl-seconds"]) > 0
      : url.startsWith("/v4") || headers["x-aws-ec2-metadata-token"] === "the token";
    if (!isAllowed) response.writeHead(401).end();
    else if (!(url in answers)) response.writeHead(404).end();
    else if (answers[url] !== undefined) response.end(answers[url]);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as { port: number }).port}`;
}

afterEach(async () => {
  server?.close();
  server?.closeAllConnections();
  server = undefined;
});

const instance = {
  "/latest/api/token": "the token",
  "/latest/meta-data/instance-id": "i-0abc",
  "/latest/meta-data/placement/availability-zone": "eu-central-1b",
};

test("an instance asks its metadata service, with a token, once", async () => {
  const place = placeFinder({ instanceMetadata: await serve(instance) });
  const both = await Promise.all([place(), place()]);
  expect([...both, await place()]).toEqual(
    Array(3).fill({ kind: "Instance", id: "i-0abc", zone: "eu-central-1b" }),
  );
  expect(asked.toSorted()).toEqual([
    "GET /latest/meta-data/instance-id",
    "GET /latest/meta-data/placement/availability-zone",
    "PUT /latest/api/token",
  ]);
});

test("a task asks ECS", async () => {
  const task = {
    TaskARN: "arn:aws:ecs:eu-central-1:123456789012:task/app/4f0a",
    AvailabilityZone: "eu-central-1a",
  };
  const taskMetadata = `${await serve({ "/v4/task": JSON.stringify(task) })}/v4`;
  expect(await placeFinder({ taskMetadata })()).toEqual({ kind: "Task", id: "4f0a", zone: "eu-central-1a" });
});

test.each([
  ["has nothing", {}],
  ["never answers", { "/latest/api/token": undefined }],
])("who %s leaves the place unknown, and is asked again only after a minute", async (_, answers) => {
  let now = 0;
  const place = placeFinder({ instanceMetadata: await serve(answers), timeout: 50 }, () => now);
  expect([await place(), await place()]).toEqual([{ kind: "Instance" }, { kind: "Instance" }]);
  expect(asked).toHaveLength(1);
  now = 60_000;
  await place();
  expect(asked).toHaveLength(2);
});

test("a task whose metadata is no JSON is a task that nobody knows", async () => {
  const taskMetadata = `${await serve({ "/v4/task": "<html>" })}/v4`;
  expect(await placeFinder({ taskMetadata })()).toEqual({ kind: "Task" });
});
