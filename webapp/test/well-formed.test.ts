import { expect, jest, test } from "@jest/globals";
import { buildApp } from "../src/app.ts";
import { memoryEmployees } from "./memory-employees.ts";
import { memoryEntries } from "./memory-entries.ts";

const JSON_TYPE = "application/json";
const FORM_TYPE = "application/x-www-form-urlencoded";
const appWith = (entries = memoryEntries("one")) =>
  buildApp({ entries, employees: memoryEmployees(), stopping: () => false, probe: async () => {} });

test.each([
  ["bytes that are no UTF-8", JSON_TYPE, Buffer.from('{"text":"\xff\xfe"}', "latin1"), 400],
  ["an overlong NUL", JSON_TYPE, Buffer.from('{"text":"\xc0\x80"}', "latin1"), 400],
  ["half of a surrogate pair", JSON_TYPE, String.raw`{"text":"\ud800"}`, 400],
  ["half of a surrogate pair in a name", JSON_TYPE, String.raw`{"text":"x","\udc00":1}`, 400],
  ["a NUL", JSON_TYPE, String.raw`{"text":"a\u0000b"}`, 400],
  ["a deep nest", JSON_TYPE, `{"text":"x","more":${"[".repeat(30)}${"]".repeat(30)}}`, 400],
  ["a nest that fills the body", JSON_TYPE, "[".repeat(16_000), 400],
  ["what is no JSON", JSON_TYPE, "text=x", 400],
  ["nothing", JSON_TYPE, "", 400],
  ["another charset", `${JSON_TYPE}; charset=utf-16`, '{"text":"x"}', 415],
  ["plain text", "text/plain", '{"text":"x"}', 415],
  ["more than it takes", JSON_TYPE, JSON.stringify({ text: "x".repeat(17_000) }), 413],
])("a JSON body with %s is refused", async (_, type, payload, status) => {
  const entries = memoryEntries();
  const response = await appWith(entries).inject({
    method: "POST",
    url: "/api/entries",
    headers: { "content-type": type },
    payload,
  });
  expect([response.statusCode, response.json().status]).toEqual([status, status]);
  expect(entries.all).toEqual([]);
});

test.each([
  ["bytes that are no UTF-8", FORM_TYPE, Buffer.from("text=\xff", "latin1"), 400],
  ["an escape that is no UTF-8", FORM_TYPE, "text=%ff%fe", 400],
  ["a lonely %", FORM_TYPE, "text=100%", 400],
  ["a NUL", FORM_TYPE, "text=a%00b", 400],
  ["a field that comes twice", FORM_TYPE, "text=a&text=b", 400],
  ["another charset", `${FORM_TYPE};charset=iso-8859-1`, "text=a", 415],
])("a form with %s is refused, on a page", async (_, type, payload, status) => {
  const entries = memoryEntries();
  const response = await appWith(entries).inject({
    method: "POST",
    url: "/entries",
    headers: { "content-type": type },
    payload,
  });
  expect([response.statusCode, response.headers["content-type"]]).toEqual([
    status,
    "text/html; charset=utf-8",
  ]);
  expect(entries.all).toEqual([]);
});

test("a compressed body is refused before it is read", async () => {
  const response = await appWith().inject({
    method: "POST",
    url: "/api/entries",
    headers: { "content-type": JSON_TYPE, "content-encoding": "gzip" },
    payload: "whatever",
  });
  expect([response.statusCode, response.json().detail]).toEqual([
    415,
    "The body is compressed. Send it as it is, without Content-Encoding.",
  ]);
});

test.each([
  ["/api/entries?before=%ff", "application/problem+json; charset=utf-8"],
  ["/api/entries/%ff", "application/problem+json; charset=utf-8"],
  ["/?before=1%00", "text/html; charset=utf-8"],
  ["/entries/%c0%80/edit", "text/html; charset=utf-8"],
])("%s is no address", async (url, type) => {
  const response = await appWith().inject(url);
  expect([response.statusCode, response.headers["content-type"]]).toEqual([400, type]);
});

test("a form's field may be called anything", async () => {
  const response = await appWith().inject({
    method: "POST",
    url: "/entries",
    headers: { "content-type": FORM_TYPE },
    payload: "text=x&__proto__=1&constructor=2",
  });
  expect([response.statusCode, ({} as { admin?: unknown }).admin]).toEqual([303, undefined]);
});

test.each([
  '{"text":"x","__proto__":{"admin":true}}',
  '{"text":"x","\\u005f_proto__":{"admin":true}}',
  '{"text":"x","constructor":{"prototype":{"admin":true}}}',
])("%s gives no object anything", async (payload) => {
  const entries = memoryEntries();
  const add = jest.spyOn(entries, "add");
  const headers = { "content-type": JSON_TYPE };
  const response = await appWith(entries).inject({ method: "POST", url: "/api/entries", headers, payload });
  expect(response.statusCode).toBe(201);
  const [[input]] = add.mock.calls as unknown as [[{ admin?: unknown }]];
  expect([input.admin, ({} as { admin?: unknown }).admin]).toEqual([undefined, undefined]);
});
