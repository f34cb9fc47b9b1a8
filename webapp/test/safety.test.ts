import { describe, expect, test } from "@jest/globals";
import { buildApp } from "../src/app.ts";
import { memoryEmployees } from "./memory-employees.ts";
import { memoryEntries } from "./memory-entries.ts";

const appWith = (entries = memoryEntries("one")) =>
  buildApp({ entries, employees: memoryEmployees(), stopping: () => false, probe: async () => {} });

const formType = { "content-type": "application/x-www-form-urlencoded" };

describe("a change that another site's page asks for is refused:", () => {
  test.each([
    ["by Sec-Fetch-Site", { "sec-fetch-site": "cross-site" }],
    ["of a sister domain", { "sec-fetch-site": "same-site" }],
    ["by Origin, where the browser says no more", { origin: "https://evil.example" }],
    ["an origin that is none", { origin: "null" }],
  ])("%s", async (_, headers) => {
    const entries = memoryEntries("one");
    const app = appWith(entries);
    const host = { host: "app.example.com" };
    const form = {
      method: "POST",
      url: "/entries",
      payload: "text=x",
      headers: { ...host, ...formType, ...headers },
    } as const;
    const page = await app.inject(form);
    expect([page.statusCode, page.body]).toEqual([403, expect.stringContaining("a page of another site")]);
    const api = await app.inject({
      method: "DELETE",
      url: "/api/entries/1",
      headers: { ...host, ...headers },
    });
    expect([api.statusCode, api.json().status]).toEqual([403, 403]);
    expect(entries.all).toHaveLength(1);
  });
});

test.each([
  ["its own page", { "sec-fetch-site": "same-origin" }],
  ["the address bar", { "sec-fetch-site": "none" }],
  ["its own page in an older browser", { origin: "https://app.example.com" }],
  ["no browser", {}],
])("a change that comes from %s is made", async (_, headers) => {
  const request = { method: "POST", url: "/entries", payload: "text=x" } as const;
  const response = await appWith().inject({
    ...request,
    headers: { host: "app.example.com", ...formType, ...headers },
  });
  expect(response.statusCode).toBe(303);
});

test.each(["/", "/api/entries", "/healthz", "/nowhere"])(
  "%s tells browsers what not to do with it",
  async (url) => {
    const { headers } = await appWith().inject(url);
    expect(headers).toMatchObject({
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
      "referrer-policy": "same-origin",
      "cross-origin-opener-policy": "same-origin",
    });
    expect(headers).not.toHaveProperty("strict-transport-security");
  },
);

test("HTTPS once, HTTPS for a year", async () => {
  const { headers } = await appWith().inject({ url: "/", headers: { "x-forwarded-proto": "https" } });
  expect(headers["strict-transport-security"]).toBe("max-age=31536000");
});
