/**
 * Everything that should not be sent to the app, sent to it: to the process, on a real socket, with a real database.
 * Over a thousand attacks, one after the other, and clients that are slow on purpose: two to three minutes.
 */
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { PIXEL, picture } from "../../../webapp/test/photos/pictures.ts";
import { until } from "../database/wait.ts";
import { Attacked } from "./attacked.ts";
import { cursor, EMPLOYEE_INPUTS } from "./employee-inputs.ts";
import { INPUTS, TEXTS, VALUES } from "./inputs.ts";
import { CANARY, PHOTO, PHOTO_INPUTS, TAKEN } from "./photo-inputs.ts";
import {
  type Answer,
  answerOn,
  bytesOf,
  form,
  json,
  open,
  partsForm,
  put,
  type RawRequest,
  send,
} from "./raw.ts";
import {
  EMPLOYEE,
  FACTS,
  FIELDS,
  FIRST_EMPLOYEE,
  FIRST_ENTRY,
  FIRST_PHOTO,
  PARAMETERS,
  PROFILE,
} from "./targets.ts";

jest.setTimeout(60_000);

/** What no answer to anybody may show. */
const INNARDS =
  /\bat .+\.[cm]?[jt]s:\d+|node_modules|node:internal|ER_[A-Z_]+|sqlState|You have an error in your SQL|FST_ERR/;
/** What of the hostile texts must not stand in a page as it was sent. */
const SCRIPT = /<script>alert|<img src=x|" onfocus=/;
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
  await attacked.hire(FIRST_EMPLOYEE, FIRST_PHOTO, await picture("webp"));
});
afterAll(() => attacked?.stop());

const employee = async () =>
  JSON.parse((await ask({ path: EMPLOYEE })).body) as { photo: string; createdAt: string };
const ask = (request: RawRequest): Promise<Answer> => send(url, bytesOf(request));

/** The bytes of a request with a body of a thousand bytes, of which the first twenty come. */
function beginningOf(request: RawRequest): string {
  const type = Object.entries(request.headers ?? {}).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `${request.method} ${request.path} HTTP/1.1\r\nHost: a\r\n${type.join("")}Content-Length: 1000\r\n\r\n`;
  return (
    head +
    Buffer.from(request.body ?? "")
      .subarray(0, 20)
      .toString("latin1")
  );
}

/** Every answer is one of this app's, tells nothing of its innards, and says what kind of text it is. */
function expectManners({ headers, body, status }: Answer, path = ""): void {
  expect(body).not.toMatch(INNARDS);
  if (status < 400) return;
  expect(headers["content-type"]).toBe(
    /^\/(?:api|photos)\//.test(path) ? "application/problem+json; charset=utf-8" : "text/html; charset=utf-8",
  );
  expect(headers["x-content-type-options"]).toBe("nosniff");
}

describe.each(FIELDS)("$name", ({ request, fitting = (text) => text, kept, stored, pages }) => {
  test.each(TEXTS)("keeps %s as the text that it is", async (_, text) => {
    expect((await ask(request(fitting(text)))).status).toBe(kept);
    expect(await attacked.database.query(stored)).toEqual([{ value: fitting(text) }]);
    for (const path of pages) {
      const { status, headers, body } = await ask({ path });
      expect([status, headers["set-cookie"]]).toEqual([200, undefined]);
      if (!path.startsWith("/api/")) {
        expect(headers["content-type"]).toBe("text/html; charset=utf-8");
        expect(body).not.toMatch(SCRIPT);
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

test.each([...INPUTS, ...EMPLOYEE_INPUTS, ...PHOTO_INPUTS])(
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

test.each(TAKEN)("of %s the picture alone is kept", async (_, request) => {
  const { photo: former } = await employee();
  const objects = attacked.objects;
  expect([200, 303]).toContain((await ask(request)).status);
  const { photo } = await employee();
  expect(photo).not.toBe(former);
  expect([attacked.photo(former), attacked.objects]).toEqual([{}, objects]);
  const kept = Object.values(attacked.photo(photo));
  expect(
    kept.map((data) =>
      data
        .subarray(0, 15)
        .toString("latin1")
        .replaceAll(/^RIFF.{4}/gs, ""),
    ),
  ).toEqual(["WEBPVP8", "WEBPVP8"]);
  for (const data of kept) expect(data.includes(CANARY)).toBe(false);
  const shown = await ask({ path: `/photos/${photo}/small` });
  expect([shown.status, shown.headers["content-type"], shown.headers["x-content-type-options"]]).toEqual([
    200,
    "image/webp",
    "nosniff",
  ]);
});

test("a field that would change every object is left out of what is kept", async () => {
  for (const field of ["__proto__", String.raw`\u005f_proto__`]) {
    const sent = `{"text":"only this","${field}":{"isAdmin":true,"text":"more"}}`;
    const { status, body } = await ask(json("POST", "/api/entries", sent));
    expect([status, body.includes("isAdmin")]).toEqual([201, false]);
  }
  expect((await ask({ path: "/api/entries?limit=1" })).body).not.toContain("isAdmin");
});

test("what the app alone sets of an employee is not taken from a client", async () => {
  const sent = { ...FACTS, id: "1", photo: "../../../etc/passwd", createdAt: "now", updatedAt: "now" };
  const before = await employee();
  const { status } = await ask(json("PUT", EMPLOYEE, sent));
  const { photo, createdAt } = await employee();
  expect([status, photo, createdAt]).toEqual([200, before.photo, before.createdAt]);
  const made = JSON.parse((await ask(json("POST", "/api/employees", sent))).body);
  expect([made.photo, made.id.length, made.createdAt.length]).toEqual([null, 36, 24]);
});

describe("a search", () => {
  test.each(TEXTS)("looks for %s as the text that it is", async (_, text) => {
    const search = [...text].slice(0, 100).join("");
    const name = `found by ${search}`.slice(0, 100);
    await ask(json("POST", "/api/employees", { ...FACTS, name }));
    const found = name.slice("found by ".length);
    const query = `search=${encodeURIComponent(found)}`;
    const { status, body } = await ask({ path: `/api/employees?limit=100&${query}` });
    const { employees } = JSON.parse(body) as { employees: { name: string }[] };
    expect([status, employees.map((one) => one.name)]).toEqual([200, expect.arrayContaining([name])]);
    const page = await ask({ path: `/employees?${query}` });
    expect([page.status, page.body]).toEqual([200, expect.not.stringMatching(SCRIPT)]);
  });

  test("whose text is what makes every condition true finds nobody", async () => {
    for (const text of [
      "' or '1'='1",
      "%' or '1' like '%",
      "x' union select * from entries -- ",
      "\\' or 1=1 -- ",
    ]) {
      const { body } = await ask({ path: `/api/employees?search=${encodeURIComponent(text)}x` });
      expect(body).toBe('{"employees":[],"next":null}');
    }
  });
});

test("a cursor with SQL in its name is a place in the list, and no more", async () => {
  const before = await attacked.content();
  for (const name of ["' or '1'='1", "'; drop table employees; -- ", "\0", "\ud83d", "x".repeat(600)]) {
    const after = cursor(name);
    for (const path of [`/api/employees?after=${after}`, `/employees?after=${after}`]) {
      expect((await ask({ path })).status).toBe(200);
    }
  }
  expect(await attacked.content()).toEqual(before);
});

test("the answers to what can be read are problems for the API and pages for people", async () => {
  for (const path of [
    "/api/entries/%ff",
    "/api/nowhere",
    "/%ff",
    "/nowhere",
    "/photos/%ff/large",
    "/photos/nowhere",
    `/photos/${"1".repeat(200)}/large`,
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

  test("by a double click makes one employee, and leads both times to them", async () => {
    const sent = form("/employees", { ...FACTS, name: "Clicked" });
    const clicks = await Promise.all([1, 2, 3].map(() => ask(sent)));
    const hired = await attacked.database.query("select id from webapp.employees where name = 'Clicked'");
    expect(hired).toHaveLength(1);
    expect(clicks.map(({ headers }) => headers.location)).toEqual(
      clicks.map(() => `/employees/${String(hired[0]?.id)}`),
    );
  });

  test("by a double click leaves one photo", async () => {
    const sent = partsForm(`${PROFILE}/photo`, [{ name: "photo", data: PIXEL, filename: "a.png" }]);
    const objects = attacked.objects;
    const clicks = await Promise.all([1, 2, 3].map(() => ask(sent)));
    expect(clicks.map(({ status }) => status)).toEqual([303, 303, 303]);
    expect(Object.keys(attacked.photo((await employee()).photo))).toHaveLength(2);
    expect(attacked.objects).toBe(objects);
  });

  test("by a browser that did not wait for the first answer is stored once", async () => {
    const unlock = await attacked.database.lockTable("webapp.entries");
    const bytes = bytesOf(form("/entries", { text: "impatient" }));
    const first = await open(url);
    first.write(bytes);
    await until("the first waits for the lock", async () => {
      const waiting = await attacked.database.query("show full processlist");
      return waiting.some(({ Info }) => String(Info).startsWith("insert into `entries`"));
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

test("of two changes of an employee that were made from the same state one is kept, whatever is changed", async () => {
  const changes = [
    (tag: string) => json("PUT", EMPLOYEE, { ...FACTS, name: "Mine" }, { "If-Match": tag }),
    (tag: string) => put(PHOTO, PIXEL, "image/png", { "If-Match": tag }),
    (tag: string) => form(PROFILE, { ...FACTS, name: "Theirs", tag }),
  ];
  for (const [first, second] of [
    [0, 1],
    [1, 2],
    [2, 0],
  ] as const) {
    const { etag = "" } = (await ask({ path: EMPLOYEE })).headers;
    const answers = await Promise.all(
      [changes[first], changes[second]].map((change) => ask(change?.(etag) as RawRequest)),
    );
    const [kept = 0, refused = 0] = answers.map(({ status }) => status).sort();
    expect([kept < 400, refused === 409 || refused === 412]).toEqual([true, true]);
  }
  expect(Object.keys(attacked.photo((await employee()).photo))).toHaveLength(2);
});

test("clients that send a byte now and then are ended", async () => {
  const before = await attacked.content();
  const beginnings = [
    "GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ",
    "POST /api/entries HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{",
    "",
    beginningOf(put(PHOTO, PIXEL)),
    beginningOf(partsForm(`${PROFILE}/photo`, [{ name: "photo", data: PIXEL, filename: "a.png" }])),
  ];
  const slow = await Promise.all(
    beginnings.map(async (beginning) => {
      const socket = await open(url);
      socket.write(beginning, "latin1");
      const dribble = setInterval(() => beginning && socket.write("x"), 500);
      const answer = await answerOn(socket);
      clearInterval(dribble);
      return answer.status;
    }),
  );
  expect(slow).toEqual(beginnings.map(() => 408));
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

test("uploads that are cut off leave nothing, and are no error of the app's", async () => {
  const before = await attacked.content();
  for (const request of [
    put(PHOTO, PIXEL),
    partsForm(`${PROFILE}/photo`, [{ name: "photo", data: PIXEL, filename: "a.png" }]),
    json("PUT", EMPLOYEE, FACTS),
    form(PROFILE, FACTS),
  ]) {
    const socket = await open(url);
    await new Promise((resolve) => socket.write(beginningOf(request), "latin1", resolve));
    socket.destroy();
  }
  await until("the app has seen it", async () => {
    // More uploads than the app takes in at once, if the others still counted.
    return (await Promise.all(Array.from({ length: 4 }, () => ask(put(PHOTO, "x"))))).every(
      ({ status }) => status === 415,
    );
  });
  expect(await attacked.content()).toEqual(before);
});

test("one client's slow uploads leave room for the photos of others", async () => {
  const sockets = await Promise.all(Array.from({ length: 8 }, () => open(url)));
  for (const socket of sockets) socket.write(beginningOf(put(PHOTO, PIXEL)), "latin1");
  await until("one more is refused", async () => (await ask(put(PHOTO, PIXEL))).status === 429);
  const another = put(PHOTO, PIXEL, "image/png", { "X-Forwarded-For": VISITOR });
  expect((await ask(another)).status).toBe(200);
  expect((await ask(json("PUT", EMPLOYEE, FACTS))).status).toBe(200);
  for (const socket of sockets) socket.destroy();
  await until("they are forgotten", async () => (await ask(put(PHOTO, PIXEL))).status === 200);
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
  await ask({ path: `/employees?search=${ASKED}`, headers });
  await ask(
    json("POST", "/api/employees", { ...FACTS, name: ASKED, email: `${ASKED}@example.com` }, headers),
  );
  await ask(partsForm(`${PROFILE}/photo`, [{ name: "photo", data: ASKED, filename: ASKED }], headers));
  await ask({ path: `/photos/${ASKED}/large`, headers });
  await until("the log has the last of them", () => {
    return attacked.app.output
      .trimEnd()
      .split("\n")
      .slice(-8)
      .every((line) => line.includes("requestId"));
  });
  expect(attacked.app.output).not.toMatch(new RegExp(`${VISITOR}|${ASKED}|<script>|drop table`));
});

test("after all that the app is ready, and no request was an error of its own", async () => {
  expect(await attacked.app.status("/readyz")).toBe(200);
  const lines = attacked.app.output.split("\n");
  expect(lines.filter((line) => /"level":"(?:error|fatal)"|"status":5\d\d/.test(line))).toEqual([]);
});
