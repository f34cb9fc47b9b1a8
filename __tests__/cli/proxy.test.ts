import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { statusOf } from "../../cli/ask-url.ts";
import { awsCloud, twinCloud } from "../../cli/cloud.ts";
import { agentsFor, proxyOf } from "../../cli/proxy.ts";
import { readSettings } from "../../cli/settings.ts";
import dev from "../../config/environments/dev.ts";
import type { TwinStatus } from "../../twin/client.ts";

const IDENTITY = `<GetCallerIdentityResponse><GetCallerIdentityResult><Account>${dev.account}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`;

let folder: string;
let proxy: Server;
let proxyUrl = "";
/** A site on this machine, as the twin's AWS API is one. */
let site: Server;
let siteUrl = "";
/** What the proxy was asked for. */
let asked: string[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "proxy-"));
  mkdirSync(join(folder, "ca"));
  writeFileSync(join(folder, "ca/ca.pem"), "");
  proxy = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.end("by the proxy");
  });
  proxy.on("connect", (request, socket) => {
    asked.push(`CONNECT ${request.url}`);
    socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
  });
  site = createServer((_, response) => response.writeHead(200, { "content-type": "text/xml" }).end(IDENTITY));
  proxyUrl = await listen(proxy, "127.0.0.1");
  siteUrl = await listen(site, "0.0.0.0");
});
beforeEach(() => {
  asked = [];
});
afterAll(() => {
  for (const server of [proxy, site]) {
    server.close();
    server.closeAllConnections();
  }
  rmSync(folder, { recursive: true, force: true });
});

async function listen(server: Server, address: string): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** What a shell with these variables brings. */
const settings = (variables: Record<string, string>) => readSettings({ PATH: "/usr/bin:/bin", ...variables });

const credentials = { accessKeyId: "id", secretAccessKey: "key" };

/** The first call of a deploy: the account that answers, if it is the site's. */
async function whoAmI(sts: STSClient): Promise<string | undefined> {
  const { Account } = await sts.send(new GetCallerIdentityCommand({})).catch(() => ({ Account: undefined }));
  return Account;
}

test.each(["HTTPS_PROXY", "https_proxy"])("a call to AWS goes through %s", async (name) => {
  const { sts } = awsCloud(dev, settings({ [name]: proxyUrl })).clients;
  sts.config.credentials = async () => credentials;
  await whoAmI(sts);
  expect(asked).toEqual([`CONNECT sts.${dev.region}.amazonaws.com:443`]);
});

test("so do the probes of the URL", async () => {
  const { asking } = awsCloud(dev, settings({ http_proxy: proxyUrl, HTTPS_PROXY: proxyUrl }));
  expect(await statusOf("http://app.example.com/healthz", { ...asking, timeout: 5000 })).toBe(200);
  await expect(statusOf("https://app.example.com/", { ...asking, timeout: 5000 })).rejects.toThrow();
  expect(asked).toEqual(["GET http://app.example.com/healthz", "CONNECT app.example.com:443"]);
});

test.each([
  { variables: {}, through: true },
  { variables: { NO_PROXY: "example.com, 127.0.0.2" }, through: false },
  { variables: { no_proxy: "127.0.0.2", NO_PROXY: "example.com" }, through: false },
])("whether another one is asked by itself is said by $variables", async ({ variables, through }) => {
  const proxied = proxyOf({ HTTP_PROXY: proxyUrl, ...variables });
  if (proxied === undefined) throw new Error("there is a proxy");
  const endpoint = siteUrl.replace("127.0.0.1", "127.0.0.2");
  const requestHandler = agentsFor(proxied);
  const sts = new STSClient({ endpoint, region: dev.region, credentials, requestHandler });
  expect(await whoAmI(sts)).toBe(through ? undefined : dev.account);
  expect(asked).toEqual(through ? [`POST ${endpoint}/`] : []);
});

test("on the twin nothing goes through it", async () => {
  const all = settings({ HTTP_PROXY: proxyUrl, HTTPS_PROXY: proxyUrl });
  const { clients, asking } = twinCloud(dev, all, { endpoint: siteUrl, stateDir: folder } as TwinStatus);
  expect(await whoAmI(clients.sts)).toBe(dev.account);
  expect(await statusOf(siteUrl, { ...asking, timeout: 5000 })).toBe(200);
  expect(asked).toEqual([]);
});

test("Terraform and Packer are told of it in both cases, and to leave this machine and its metadata out", () => {
  const { variables } = awsCloud(dev, settings({ https_proxy: proxyUrl, NO_PROXY: "internal" }));
  const none = "internal,localhost,127.0.0.1,169.254.169.254,169.254.170.2";
  expect(variables).toMatchObject({
    HTTPS_PROXY: proxyUrl,
    https_proxy: proxyUrl,
    NO_PROXY: none,
    no_proxy: none,
  });
  expect(variables).not.toHaveProperty("HTTP_PROXY");
});

test("without a proxy nobody is told of one", () => {
  const { variables, asking } = awsCloud(dev, settings({ NO_PROXY: "internal", HTTPS_PROXY: "" }));
  expect(variables).not.toHaveProperty("no_proxy");
  expect(asking).toEqual({});
});

test.each(["HTTP_PROXY", "HTTPS_PROXY", "WEBSTEAD_BAKE_PROXY"])(
  "what is no URL in %s is refused, and its password not repeated",
  (name) => {
    expect(() => settings({ [name]: "me:secret@proxy:3128" })).toThrow(
      `${name} must be the URL of a proxy, e.g. http://proxy.example.com:3128, got "proxy:3128"`,
    );
  },
);
