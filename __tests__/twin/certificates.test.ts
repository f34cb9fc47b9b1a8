import { X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { statusOf } from "../../cli/ask-url.ts";
import { Certificates } from "../../twin/certificates.ts";
import { LoadBalancers } from "../../twin/load-balancer/load-balancers.ts";
import { StateFolder } from "../../twin/state-folder.ts";
import { eventually } from "./eventually.ts";
import { listener, loadBalancer, world } from "./worlds.ts";

let folder: string;
let state: StateFolder;
let certificates: Certificates;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "certificates-"));
  state = new StateFolder(folder);
  certificates = new Certificates(state);
  await certificates.prepare();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("the authority is made once per state folder, its key is its owner's", async () => {
  const before = readFileSync(state.caCertificate, "utf8");
  await new Certificates(state).prepare();
  expect(readFileSync(state.caCertificate, "utf8")).toBe(before);
  expect(new X509Certificate(before).ca).toBe(true);
  expect(statSync(state.path("ca", "ca.key")).mode & 0o777).toBe(0o600);
});

test("a certificate is for its name or address only, and signed by the authority", async () => {
  const authority = new X509Certificate(readFileSync(state.caCertificate));
  const [address, name] = await Promise.all([
    certificates.issue("127.9.8.7"),
    certificates.issue("web.example.com"),
  ]);
  const forAddress = new X509Certificate(address.certificate);
  expect(forAddress.checkIP("127.9.8.7")).toBe("127.9.8.7");
  expect(forAddress.checkIP("127.9.8.8")).toBeUndefined();
  expect(forAddress.verify(authority.publicKey)).toBe(true);
  expect(new X509Certificate(name.certificate).checkHost("web.example.com")).toBe("web.example.com");
});

test("a name that would break out of the request is refused", async () => {
  await expect(certificates.issue("a\nsubjectAltName=DNS:b")).rejects.toThrow(/no certificate for the name/);
});

test("an HTTPS listener answers with a certificate for the name asked for, and says https to its rules", async () => {
  const balancers = new LoadBalancers({
    portBase: 20_000,
    resolve: () => undefined,
    secureContext: (name) => certificates.secureContext(name),
    certificate: (address) => certificates.issue(address),
    log: () => {},
  });
  const redirect = {
    Type: "redirect",
    RedirectConfig: { Path: "/#{protocol}/#{port}", StatusCode: "HTTP_301" },
  };
  balancers.reconcile(
    world({
      loadBalancers: [loadBalancer()],
      listeners: [listener([redirect], { port: 443, protocol: "HTTPS" })],
    }),
  );
  const { url } = await eventually("the listener", () => balancers.status()[0]);
  const location = await new Promise((resolve, reject) => {
    request(
      url,
      {
        ca: readFileSync(state.caCertificate),
        servername: "web.example.com",
        headers: { Host: "web.example.com" },
        agent: false,
      },
      (response) => resolve(response.headers.location),
    )
      .on("error", reject)
      .end();
  });
  expect(url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
  // Who asks for the address names no server, and finds it in the certificate.
  expect(await statusOf(url, { ca: readFileSync(state.caCertificate, "utf8"), timeout: 5000 })).toBe(301);
  expect(location).toBe(`https://web.example.com:${new URL(url).port}/https/443`);
  balancers.close();
});
