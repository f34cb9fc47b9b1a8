import { once } from "node:events";
import { request } from "node:http";
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { bomb, phonePicture, picture } from "../../../webapp/test/photos/pictures.ts";
import { awsVariables, DirectoryWorld, PLACES, type Place } from "./directory-world.ts";
import { SecretsManager } from "./secrets-manager.ts";
import { until } from "./wait.ts";
import { WebappProcess } from "./webapp-process.ts";

jest.setTimeout(60_000);

const ADA = { name: "Ada Lovelace", jobTitle: "Analyst", location: "London" };
let world: DirectoryWorld;
let secrets: SecretsManager;
let app: WebappProcess | undefined;

beforeAll(async () => {
  world = await DirectoryWorld.start();
  secrets = await SecretsManager.start(world.secret);
}, 180_000);
afterEach(async () => {
  await app?.stop();
  await world.clear();
});
afterAll(async () => {
  secrets?.stop();
  await world?.stop();
});

async function start(place: Place): Promise<WebappProcess> {
  app = await WebappProcess.start({
    DB_HOST: "127.0.0.1",
    DB_PORT: String(world.database.port),
    DB_CA_FILE: world.tls.ca,
    AWS_ENDPOINT_URL: secrets.url,
    ...awsVariables(world.proxy),
    AWS_REGION: "us-east-1",
    PHOTOS_BUCKET: world.aws.bucket,
    ...(place === "DynamoDB" && { DIRECTORY_TABLE: world.aws.table }),
  });
  await app.ready();
  return app;
}

async function employee(from: WebappProcess): Promise<string> {
  const { body } = await from.json("POST", "/api/employees", ADA);
  return `${from.url}/api/employees/${(body as { id: string }).id}`;
}

const put = async (url: string, body: Buffer, type = "image/jpeg") => {
  const response = await fetch(`${url}/photo`, {
    method: "PUT",
    body: new Uint8Array(body),
    headers: { "content-type": type },
  });
  return { status: response.status, body: (await response.json()) as { photo?: string; detail?: string } };
};

describe.each(PLACES)("with employees in %s", (place) => {
  test("a phone's picture is put, shown and taken away with its employee", async () => {
    const served = await start(place);
    const url = await employee(served);
    const { status, body } = await put(url, await phonePicture(), "text/plain");
    expect(status).toBe(200);
    const shown = await fetch(`${served.url}/photos/${body.photo}/large`);
    expect([shown.status, shown.headers.get("content-type")]).toEqual([200, "image/webp"]);
    expect(shown.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    const data = Buffer.from(await shown.arrayBuffer());
    expect([data.subarray(8, 12).toString(), data.includes("canary")]).toEqual(["WEBP", false]);
    expect((await fetch(`${served.url}/photos/${body.photo}/small`, { method: "HEAD" })).status).toBe(200);
    expect((await fetch(`${served.url}/photos/${"x".repeat(22)}/large`)).status).toBe(404);
    expect((await fetch(url, { method: "DELETE" })).status).toBe(204);
    expect((await fetch(`${served.url}/photos/${body.photo}/large`)).status).toBe(404);
    expect(await world.aws.objects()).toEqual([]);
  });

  test("the app is killed between the two sizes: the next one that starts sweeps", async () => {
    const served = await start(place);
    const url = await employee(served);
    world.proxy.fate = ({ method, url: path }) =>
      method === "PUT" && path?.includes("small") ? "silence" : "pass";
    const upload = put(url, await picture("jpeg")).catch(() => "cut off");
    await until("the second size is on its way", () =>
      world.proxy.seen.some((line) => /^PUT .*small/.test(line)),
    );
    await served.kill();
    expect(await upload).toBe("cut off");
    expect([await world.aws.objects(), await world.noted(place)]).toMatchObject([
      { length: 1 },
      { length: 1 },
    ]);

    await world.age(place);
    world.proxy.reset();
    const next = await start(place);
    await until("the sweep is done", async () => (await world.noted(place)).length === 0);
    expect(await world.aws.objects()).toEqual([]);
    expect(await (await fetch(url.replace(served.url, next.url))).json()).toMatchObject({ photo: null });
  });
});

test("hostile pictures are each refused in words, leave nothing, and the app goes on", async () => {
  const served = await start("MariaDB");
  const url = await employee(served);
  const jpeg = await picture("jpeg");
  const broken = "The picture is broken; save it anew and send it again.";
  const none = "A photo must be a JPEG, PNG or WebP picture.";
  const hostile: [string, Buffer, number, string][] = [
    ["zip bomb", await bomb(30_000), 413, "A photo may have at most 30 million pixels."],
    ["cut off", jpeg.subarray(0, jpeg.length / 2), 415, broken],
    ["script that calls itself a picture", Buffer.from("<script>alert(1)</script>"), 415, none],
    ["GIF", await picture("gif"), 415, none],
    ["6 MB", Buffer.concat([jpeg, Buffer.alloc(6_000_000)]), 413, "A photo may have at most 5 MB."],
    ["nothing", Buffer.alloc(0), 415, none],
  ];
  for (const [what, data, status, detail] of hostile) {
    const answer = await put(url, data, "image/jpeg");
    expect([what, answer.status, answer.body.detail]).toEqual([what, status, detail]);
  }
  expect([await world.aws.objects(), await world.noted("MariaDB")]).toEqual([[], []]);
  expect((await put(url, jpeg)).status).toBe(200);
});

test("a body without an end is cut off at 5 MB", async () => {
  const served = await start("MariaDB");
  const url = await employee(served);
  const sending = request(`${url}/photo`, { method: "PUT", headers: { "content-type": "image/jpeg" } });
  sending.on("error", () => {});
  const answered = once(sending, "response");
  sending.write(await picture("jpeg"));
  let sent = 0;
  const more = () => {
    while (!sending.destroyed && sent < 50_000_000) {
      sent += 65_536;
      if (!sending.write(Buffer.alloc(65_536))) return void sending.once("drain", more);
    }
  };
  more();
  const [response] = await answered;
  expect(response.statusCode).toBe(413);
  sending.destroy();
  expect(await served.status("/healthz")).toBe(200);
});
