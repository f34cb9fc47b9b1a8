/**
 * Everything that should not be sent to the app, sent to it: to the process, on a real socket, with a real database. A
 * minute, half of it for clients that are slow on purpose.
 */
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { until } from "../database/wait.ts";
import { Attacked } from "./attacked.ts";
import { INPUTS, TEXTS, VALUES } from "./inputs.ts";
import { type Answer, answerOn, bytesOf, form, json, open, type RawRequest, send } from "./raw.ts";
import { FIELDS, FIRST_ENTRY, PARAMETERS } from "./targets.ts";

jest.setTimeout(60_000);

/** What no answer to anybody may show. */
const INNARDS =
  /\bat .+\.[cm]?[jt]s:\d+|node_modules|node:internal|ER_[A-Z_]+|sqlState|You have an error in your SQL|FST_ERR/;
/** Address of a client, and a word of a query: neither may be in the log. */
const VISITOR = "203.0.113.77";
const ASKED = "asked-for-4c1b";

let attacked: Attacked;
let url: string;

beforeAll(async () => {
  // The attacks come in quick succession; that too many are refused has a test of its own.
  attacked = await Attacked.start({ RATE_LIMIT: "0" });
  url = attacked.app.url;
  await attacked.app.json("POST", "/api/entries", { text: "the first" });
});
afterAll(() => attacked?.stop());

const ask = (request: RawRequest): Promise<Answer> => send(url, bytesOf(request));

/** Every answer is one of this app's, tells nothing of its innards, and says what kind of text it is. */
function expectManners({ headers, body, status }: Answer, path = ""): void {
  expect(body).not.toMatch(INNARDS);
  if (status < 400) return;
  expect(headers["content-type"]).toBe(
    path.startsWith("/api/") ? "application/problem+json; charset=utf-8" : "text/html; charset=utf-8",
  );
  expect(headers["x-content-type-options"]).toBe("nosniff");
}

describe.each(FIELDS)("$name", ({ request, kept, stored, pages }) => {
  test.each(TEXTS)("keeps %s as the text that it is", async (_, text) => {
    expect((await ask(request(text))).status).toBe(kept);
    expect(await attacked.database.query(stored)).toEqual([{ value: text }]);
    for (const path of pages) {
      const { status, headers, body } = await ask({ path });
      expect([status, headers["set-cookie"]]).toEqual([200, undefined]);
      if (!path.startsWith("/api/")) {
        expect(headers["content-type"]).toBe("text/html; charset=utf-8");
        expect(body).not.toMatch(/<script>alert|<img src=x|" onfocus=/);
      }
    }
  });
});

describe.each(PARAMETERS)("$name", ({ request }) => {
  test.each(VALUES)("is not %s", async (_, value) => {
    const before = await attacked.content();
    const sent = request(value);
    const answer = await ask(sent);
    expect([400, 404, 414]).toContain(answer.status);
    expect(answer.headers["set-cookie"]).toBeUndefined();
    expectManners(answer, sent.path);
    expect(await attacked.content()).toEqual(before);
  });
});

test.each(INPUTS)(
  "$name is answered with $status, and leaves nothing behind",
  async ({ bytes, status, cut }) => {
    const before = await attacked.content();
    const answer = await send(url, bytes);
    const seen = cut && Number.isNaN(answer.status) ? status : answer.status;
    expect([seen, answer.body]).toEqual([status, expect.not.stringMatching(INNARDS)]);
    expect(answer.headers.location).toBeUndefined();
    expect(await attacked.content()).toEqual(before);
  },
);

test("a field that would change every object is left out of what is kept", async () => {
  for (const field of ["__proto__", String.raw`\u005f_proto__`]) {
    const sent = `{"text":"only this","${field}":{"isAdmin":true,"text":"more"}}`;
    const { status, body } = await ask(json("POST", "/api/entries", sent));
    expect([status, body.includes("isAdmin")]).toEqual([201, false]);
  }
  expect((await ask({ path: "/api/entries?limit=1" })).body).not.toContain("isAdmin");
});

test("the answers to what can be read are problems for the API and pages for people", async () => {
  for (const path of [
    "/api/entries/%ff",
    "/api/nowhere",
    "/%ff",
    "/nowhere",
    `/api/entries/${"1".repeat(200)}`,
  ]) {
    expectManners(await ask({ path }), path);
  }
});

test("no answer leads to a host that the request named", async () => {
  const headers = { Host: "evil.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-For": VISITOR };
  for (const path of ["/", "/nowhere", "/api/nowhere", `/entries/${FIRST_ENTRY}/edit`]) {
    const answer = await ask({ path, headers });
    expect(JSON.stringify(answer)).not.toContain("evil.example");
  }
  const { status, headers: sent } = await ask(form("/entries", { text: "from another host" }, headers));
  expect([status, sent.location]).toEqual([303, "/"]);
});

describe("a form that is sent twice", () => {
  const rows = (text: string) =>
    attacked.database.query(`select count(*) as stored from webapp.entries where text = '${text}'`);

  test("by a double click is stored once", async () => {
    const clicks = await Promise.all([1, 2, 3].map(() => ask(form("/entries", { text: "clicked" }))));
    expect(clicks.map(({ status }) => status)).toEqual([303, 303, 303]);
    expect(await rows("clicked")).toEqual([{ stored: 1 }]);
  });

  test("by a browser that did not wait for the first answer is stored once", async () => {
    const unlock = await attacked.database.lockTable("webapp.entries");
    const bytes = bytesOf(form("/entries", { text: "impatient" }));
    const first = await open(url);
    first.write(bytes);
    await until("the first waits for the lock", async () => {
      const waiting = await attacked.database.query("show full processlist");
      return waiting.some(({ Info }) => String(Info).includes("impatient"));
    });
    first.destroy();
    const second = send(url, bytes);
    await unlock();
    expect((await second).status).toBe(303);
    expect(await rows("impatient")).toEqual([{ stored: 1 }]);
  });
});

test("of two changes that were made from the same state one is kept, and the other is told", async () => {
  const { etag = "" } = (await ask({ path: `/api/entries/${FIRST_ENTRY}` })).headers;
  const change = (text: string) =>
    ask(json("PUT", `/api/entries/${FIRST_ENTRY}`, { text }, { "If-Match": etag }));
  const [mine, theirs] = await Promise.all([change("mine"), change("theirs")]);
  expect([mine.status, theirs.status].sort()).toEqual([200, 412]);
  const kept = mine.status === 200 ? "mine" : "theirs";
  expect((await ask({ path: `/api/entries/${FIRST_ENTRY}` })).body).toContain(`"${kept}"`);
});

test("clients that send a byte now and then are ended", async () => {
  const before = await attacked.content();
  const beginnings = [
    "GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ",
    "POST /api/entries HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{",
    "",
  ];
  const slow = await Promise.all(
    beginnings.map(async (beginning) => {
      const socket = await open(url);
      socket.write(beginning);
      const dribble = setInterval(() => beginning && socket.write("x"), 500);
      const answer = await answerOn(socket);
      clearInterval(dribble);
      return answer.status;
    }),
  );
  expect(slow).toEqual([408, 408, 408]);
  expect(await attacked.content()).toEqual(before);
}, 120_000);

test("one client's bodies that never end are no overload, and cannot become many", async () => {
  const head =
    "Host: a\r\nContent-Type: application/json\r\nContent-Length: 99\r\nConnection: close\r\n\r\n{";
  const sockets = await Promise.all(Array.from({ length: 100 }, () => open(url)));
  for (const socket of sockets) socket.write(`POST /api/entries HTTP/1.1\r\n${head}`);
  await until("one more is refused", async () => {
    return (await ask(json("POST", "/api/entries", { text: "" }))).status === 429;
  });
  const others = { "X-Forwarded-For": VISITOR };
  expect((await ask(json("POST", "/api/entries", { text: "another's" }, others))).status).toBe(201);
  expect((await ask({ path: "/" })).status).toBe(200);
  for (const socket of sockets) socket.destroy();
  await until("they are forgotten", async () => {
    return (await ask(json("POST", "/api/entries", { text: "" }))).status === 400;
  });
});

test("more connections than there may be are closed, and the app lives on", async () => {
  const sockets = await Promise.all(Array.from({ length: 1050 }, () => open(url)));
  await until("the server has closed those above 1000", () => {
    return sockets.filter(({ destroyed, readyState }) => destroyed || readyState !== "open").length >= 50;
  });
  for (const socket of sockets) socket.destroy();
  await until("there is room again", async () => (await attacked.app.status("/healthz")) === 200);
});

test("the log tells neither addresses nor queries nor what was sent", async () => {
  const headers = { "X-Forwarded-For": VISITOR, "User-Agent": ASKED, Cookie: ASKED };
  await ask({ path: `/api/entries?limit=${ASKED}`, headers });
  await ask({ path: `/?before=${ASKED}`, headers });
  await ask(json("POST", "/api/entries", { text: ASKED, other: ASKED }, headers));
  await ask(json("POST", "/api/entries", `{"${ASKED}`, headers));
  await until("the log has the last of them", () => {
    return attacked.app.output
      .trimEnd()
      .split("\n")
      .slice(-4)
      .every((line) => line.includes("requestId"));
  });
  expect(attacked.app.output).not.toMatch(new RegExp(`${VISITOR}|${ASKED}|<script>|drop table`));
});

test("after all that the app is ready, and no request was an error of its own", async () => {
  expect(await attacked.app.status("/readyz")).toBe(200);
  const lines = attacked.app.output.split("\n");
  expect(lines.filter((line) => /"level":"(?:error|fatal)"|"status":5\d\d/.test(line))).toEqual([]);
});
