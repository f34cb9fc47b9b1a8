import { gzipSync } from "node:zlib";
import { bytesOf, form, inChunks, json, type RawRequest } from "./raw.ts";
import { FIRST_ENTRY } from "./targets.ts";

/** Text that some program somewhere takes for more than text. */
export const TEXTS: readonly (readonly [name: string, text: string])[] = [
  ["a script", "<script>alert(document.cookie)</script>"],
  ["a script behind the end of a field", '</textarea>"><script>alert(1)</script>'],
  ["a handler", '" onfocus="alert(1)" autofocus="'],
  ["an image that fails", "<img src=x onerror=alert(1)>"],
  ["a template of this app", "<%= it.constructor.constructor('return process')().exit(1) %>"],
  ["a template of others", "{{7*7}}#{7*7}@(7*7)"],
  ["SQL that ends the statement", "'; drop table entries; -- "],
  ["SQL behind a backslash", "\\' or 1=1; -- "],
  ["SQL in a comment", "/*!50000 union select user, authentication_string from mysql.user */"],
  ["wildcards of LIKE", "%_%\\%"],
  ["a header", "x\r\nSet-Cookie: admin=1\r\n\r\n<html>".replaceAll("\r\n", "\n")],
  ["a path", "../../../../etc/passwd"],
  ["a lookup", "$\u007bjndi:ldap://127.0.0.1/a}"],
  ["a formula", "=cmd|' /C calc'!A0"],
  ["text from right to left", "\u202Egnp.exe\u202C"],
  ["characters outside of the basic plane", "💣 𝕏 👩‍👩‍👧‍👦"],
  ["the longest text", "€".repeat(1000)],
];

/** Values that are no id, no number and no cursor, escaped as a path and a query need it. */
export const VALUES: readonly (readonly [name: string, value: string])[] = [
  ["SQL", encodeURIComponent("1' or '1'='1")],
  ["SQL without quotes", encodeURIComponent("1 or 1=1")],
  ["SQL that ends the statement", encodeURIComponent("1; drop table entries; --")],
  ["SQL that waits", encodeURIComponent("1 and sleep(20)")],
  ["a union", encodeURIComponent("0 union select table_name from information_schema.tables")],
  ["a script", encodeURIComponent("<script>alert(1)</script>")],
  ["a NUL", "1%00"],
  ["line ends", "1%0d%0aSet-Cookie:%20admin=1"],
  ["bytes that are no UTF-8", "%ff%fe"],
  ["a NUL that is too long", "%c0%80"],
  ["a % that escapes nothing", "%"],
  ["a path", "..%2f..%2f..%2fetc%2fpasswd"],
  ["a path escaped twice", "%252e%252e%252fetc%252fpasswd"],
  ["a path of Windows", "..%5c..%5cwindows"],
  ["minus one", "-1"],
  ["nothing above nothing", "0"],
  ["a fraction", "1.5"],
  ["a power", "1e3"],
  ["a hexadecimal number", "0x1"],
  ["digits of another script", encodeURIComponent("١")],
  ["a number above 2^53", "9007199254740993"],
  ["a number of 90 digits", "9".repeat(90)],
  ["a number of 5000 digits", "9".repeat(5000)],
  ["a list", "1,2"],
  ["a name that every object has", "__proto__"],
];

/** One attack that is like no other. */
export interface Input {
  readonly name: string;
  readonly bytes: Buffer;
  readonly status: number;
  /** Whether the connection may be cut before the answer is read: the app does not wait for the rest of a body. */
  readonly cut?: boolean;
}

export const input = (name: string, request: RawRequest, status: number): Input => ({
  name,
  bytes: bytesOf(request),
  status,
});
const entry = `/api/entries/${FIRST_ENTRY}`;
const create = (body: string | Buffer, headers = {}) => json("POST", "/api/entries", body, headers);
const good = '{"text":"hostile"}';
const post = "POST /api/entries HTTP/1.1\r\nHost: app.example.com\r\nContent-Type: application/json\r\n";
const smuggled = "GET /smuggled HTTP/1.1\r\nHost: app.example.com\r\n\r\n";
const raw = (name: string, text: string, status: number): Input => ({
  name,
  bytes: Buffer.from(text, "latin1"),
  status,
});

/** Attacks with the answer to each. None may leave anything behind. */
export const INPUTS: readonly Input[] = [
  // Bodies
  ...[
    input("a body of 10 MB, by the API", create(Buffer.alloc(10_000_000, "x")), 413),
    input("a body of 10 MB, by the form", form("/entries", `text=${"x".repeat(10_000_000)}`), 413),
    input("a body of 10 MB that does not say how long it is", inChunks(create("x".repeat(10_000_000))), 413),
  ].map((big) => ({ ...big, cut: true })),
  input("a text that is one character too long", create(JSON.stringify({ text: "x".repeat(1001) })), 400),
  input("a compressed body", create(gzipSync(good), { "Content-Encoding": "gzip" }), 415),
  input("a bomb", create(gzipSync(Buffer.alloc(10_000_000)), { "Content-Encoding": "gzip" }), 415),
  input(
    "a body compressed twice",
    create(gzipSync(gzipSync(good)), { "Content-Encoding": "gzip, gzip" }),
    415,
  ),
  input("JSON nested 8000 deep", create("[".repeat(8000) + "]".repeat(8000)), 400),
  input("JSON with half of a surrogate pair", create(String.raw`{"text":"\ud83d"}`), 400),
  input("JSON with a NUL", create(String.raw`{"text":"hostile\u0000"}`), 400),
  input("JSON with bytes that are no UTF-8", create(Buffer.from('{"text":"\xe2\x28\xa1"}', "latin1")), 400),
  input("JSON with a number for a text", create('{"text":1}'), 400),
  input("JSON with an object for a text", create('{"text":{"$ne":""}}'), 400),
  input("JSON with a list for an object", create(`[${good}]`), 400),
  input("JSON that ends too early", create('{"text":"hostile"'), 400),
  input("JSON in UTF-16", create(Buffer.from(good, "utf16le")), 400),
  input("a form with bytes that are no UTF-8", form("/entries", "text=%ff%fe"), 400),
  input("a form with a NUL", form("/entries", "text=hostile%00"), 400),
  input("a form with a field twice", form("/entries", "text=hostile&text=other"), 400),
  input("a form with a field that is a list", form("/entries", "text[]=hostile"), 400),
  input("a form with 5000 fields", form("/entries", "a&".repeat(5000)), 400),
  input("a form without its field", form("/entries", "other=hostile"), 400),
  // Content types that lie
  input("JSON that says it is a form", form("/entries", good), 400),
  input("a form that says it is JSON", create("text=hostile"), 400),
  input("JSON that says it is text", create(good, { "Content-Type": "text/plain" }), 415),
  input("JSON that says it is a picture", create(good, { "Content-Type": "image/png" }), 415),
  input("JSON that says it is XML", create(good, { "Content-Type": "application/xml" }), 415),
  input("JSON that says nothing", { method: "POST", path: "/api/entries", body: good }, 415),
  input("JSON that says nonsense", create(good, { "Content-Type": ";;;" }), 415),
  input("JSON in another charset", create(good, { "Content-Type": "application/json; charset=utf-7" }), 415),
  input(
    "a form in another charset",
    form("/entries", "text=hostile", {
      "Content-Type": "application/x-www-form-urlencoded; charset=shift_jis",
    }),
    415,
  ),
  input(
    "a form in parts",
    {
      method: "POST",
      path: "/entries",
      headers: { "Content-Type": "multipart/form-data; boundary=x" },
      body: '--x\r\nContent-Disposition: form-data; name="text"\r\n\r\nhostile\r\n--x--\r\n',
    },
    415,
  ),
  // Other sites' pages
  ...[
    ["of another site", { "Sec-Fetch-Site": "cross-site" }],
    ["of a sister domain", { "Sec-Fetch-Site": "same-site" }],
    ["from another origin", { Origin: "https://evil.example" }],
    ["from nowhere", { Origin: "null" }],
    ["from an origin that begins like ours", { Origin: "https://app.example.com.evil.example" }],
    ["from another port", { Origin: "https://app.example.com:8443" }],
    ["from ours with a name and password", { Origin: "https://evil@evil.example" }],
  ].flatMap(([from, headers]) => [
    input(`a form ${from}`, form("/entries", { text: "hostile" }, headers as object), 403),
    input(`a change ${from}`, json("PUT", entry, { text: "hostile" }, headers as object), 403),
    input(
      `a deletion ${from}`,
      { method: "DELETE", path: entry, headers: headers as Record<string, string> },
      403,
    ),
  ]),
  // Hosts
  input(
    "a host of somebody else's that our origin is compared with",
    form("/entries", { text: "hostile" }, { Host: "evil.example", Origin: "https://app.example.com" }),
    403,
  ),
  raw("no host", "GET / HTTP/1.1\r\nConnection: close\r\n\r\n", 400),
  // Entity tags
  input("a change with a stale tag", json("PUT", entry, { text: "hostile" }, { "If-Match": '"stale"' }), 412),
  input(
    "a deletion with a stale tag",
    { method: "DELETE", path: entry, headers: { "If-Match": '"stale"' } },
    412,
  ),
  input(
    "a change with a tag that is none",
    json("PUT", entry, { text: "hostile" }, { "If-Match": "%00'--" }),
    412,
  ),
  input("a form with a stale tag", form(`/entries/${FIRST_ENTRY}`, { text: "hostile", tag: '"stale"' }), 409),
  // Paths
  ...[
    "/../../../etc/passwd",
    "/%2e%2e/%2e%2e/etc/passwd",
    "/..%2f..%2fetc%2fpasswd",
    "/assets/../../package.json",
    "/assets/..%2f..%2fpackage.json",
    "/photos/..%2f..%2fpackage.json/large",
    "/views/layout.eta",
    "/.env",
    "/.git/config",
    "/metrics",
    "/api/../metrics",
    "/api/entries/1/../../../metrics",
    "//evil.example/%2e%2e",
    "/api",
  ].map((path) => input(`the path ${path}`, { path }, 404)),
  input("a path that is no UTF-8", { path: "/api/entries/%ff" }, 400),
  input("a path of 7000 characters", { path: `/${"a".repeat(7000)}` }, 404),
  input("a path of 9000 characters", { path: `/${"a".repeat(9000)}` }, 431),
  // Methods
  input("a method that is none", { method: "HACK", path: "/" }, 400),
  input("TRACE", { method: "TRACE", path: "/" }, 405),
  input("PATCH", json("PATCH", entry, { text: "hostile" }), 405),
  input("PROPFIND", { method: "PROPFIND", path: "/" }, 404),
  input("CONNECT", { method: "CONNECT", path: "evil.example:443" }, Number.NaN),
  input("a method told by a header", { path: entry, headers: { "X-HTTP-Method-Override": "DELETE" } }, 200),
  input("a method told by a field", form(entry, { _method: "DELETE" }), 405),
  // Headers
  input("10,000 bytes of headers", { path: "/", headers: { "X-Long": "x".repeat(10_000) } }, 431),
  input(
    "1000 headers",
    { path: "/", headers: Object.fromEntries(Array.from({ length: 1000 }, (_, n) => [`X-${n}`, "x"])) },
    431,
  ),
  raw("a header with a NUL", "GET / HTTP/1.1\r\nHost: a\r\nX-A: a\0b\r\n\r\n", 400),
  raw("a header folded over two lines", "GET / HTTP/1.1\r\nHost: a\r\nX-A: a\r\n b\r\n\r\n", 400),
  raw("a header with a blank before its colon", "GET / HTTP/1.1\r\nHost: a\r\nX-A : a\r\n\r\n", 400),
  raw("lines that end with half of a line end", "GET / HTTP/1.1\nHost: a\n\n", 400),
  // One request in another
  raw("two lengths", `${post}Content-Length: 18\r\nContent-Length: 4\r\n\r\n${good}`, 400),
  raw(
    "a length and chunks",
    `${post}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`,
    400,
  ),
  raw(
    "chunks and a length",
    `${post}Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n${smuggled}`,
    400,
  ),
  raw(
    "chunks that are not the last encoding",
    `${post}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n${smuggled}`,
    400,
  ),
  raw("chunks written otherwise", `${post}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${smuggled}`, 400),
  raw("a length with a sign", `${post}Content-Length: +18\r\n\r\n${good}`, 400),
  raw("a length that is less than nothing", `${post}Content-Length: -1\r\n\r\n${good}`, 400),
  raw(
    "a chunk whose length is no number",
    `${post}Transfer-Encoding: chunked\r\n\r\nxyz\r\n${good}\r\n0\r\n\r\n`,
    400,
  ),
  raw("the greeting of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
  raw("the greeting of TLS", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),
];
