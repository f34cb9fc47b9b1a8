import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { MetadataServer } from "../../../twin/metadata/metadata-server.ts";
import { instance } from "../worlds.ts";

const userData = "PORT=80\nDB_HOST=127.9.8.7\n";
const server = new MetadataServer(
  instance({
    id: "i-7",
    imageId: "ami-7",
    roleName: "app-role",
    userData: Buffer.from(userData).toString("base64"),
  }),
);
const bare = new MetadataServer(instance());
let endpoint: string;

beforeAll(async () => {
  endpoint = await server.open();
});
afterAll(() => {
  server.close();
  bare.close();
});

async function token(of = endpoint, seconds = "60"): Promise<string> {
  const response = await fetch(`${of}/latest/api/token`, {
    method: "PUT",
    headers: { "X-aws-ec2-metadata-token-ttl-seconds": seconds },
  });
  expect(response.headers.get("x-aws-ec2-metadata-token-ttl-seconds")).toBe(seconds);
  return response.text();
}

async function get(path: string, of = endpoint): Promise<Response> {
  return fetch(of + path, { headers: { "X-aws-ec2-metadata-token": await token(of) } });
}

test.each([
  ["/latest/user-data", userData],
  ["/latest/meta-data/instance-id", "i-7"],
  ["/latest/meta-data/ami-id", "ami-7"],
  ["/latest/meta-data/local-ipv4", "10.0.3.10"],
  ["/latest/meta-data/placement/availability-zone", "eu-central-1a"],
  ["/latest/meta-data/placement/region", "eu-central-1"],
  ["/latest/meta-data/iam/security-credentials/", "app-role"],
])("%s is served with a token", async (path, expected) => {
  expect(await (await get(path)).text()).toBe(expected);
});

test("the role's credentials carry the account and an end", async () => {
  const answer = await get("/latest/meta-data/iam/security-credentials/app-role");
  const credentials = (await answer.json()) as { Expiration: string };
  expect(credentials).toMatchObject({
    Code: "Success",
    Type: "AWS-HMAC",
    AccessKeyId: "ASIATWIN123456789012",
  });
  expect(Date.parse(credentials.Expiration)).toBeGreaterThan(Date.now());
  expect((await get("/latest/meta-data/iam/security-credentials/other-role")).status).toBe(404);
});

test("the identity document names instance, account and region", async () => {
  expect(await (await get("/latest/dynamic/instance-identity/document")).json()).toMatchObject({
    instanceId: "i-7",
    accountId: "123456789012",
    region: "eu-central-1",
  });
});

test("without a token, or with another one, nothing is served", async () => {
  expect((await fetch(`${endpoint}/latest/user-data`)).status).toBe(401);
  const headers = { "X-aws-ec2-metadata-token": "other" };
  expect((await fetch(`${endpoint}/latest/user-data`, { headers })).status).toBe(401);
});

test.each(["0", "21601", "soon", ""])("a token for %s seconds is refused", async (seconds) => {
  const headers = { "X-aws-ec2-metadata-token-ttl-seconds": seconds };
  expect((await fetch(`${endpoint}/latest/api/token`, { method: "PUT", headers })).status).toBe(400);
});

test("a token is given for PUT only, and never through a proxy", async () => {
  const headers = { "X-aws-ec2-metadata-token-ttl-seconds": "60" };
  expect((await fetch(`${endpoint}/latest/api/token`, { headers })).status).toBe(405);
  const proxied = { ...headers, "X-Forwarded-For": "192.0.2.1" };
  expect((await fetch(`${endpoint}/latest/api/token`, { method: "PUT", headers: proxied })).status).toBe(403);
});

test("what an instance does not have is not found", async () => {
  const other = await bare.open();
  expect((await get("/latest/user-data", other)).status).toBe(404);
  expect((await get("/latest/meta-data/iam/security-credentials/", other)).status).toBe(404);
  expect((await get("/latest/meta-data/no-such-thing", other)).status).toBe(404);
});
