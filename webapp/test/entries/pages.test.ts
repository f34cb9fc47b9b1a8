import { expect, test } from "@jest/globals";
import { buildApp } from "../../src/app.ts";
import { memoryEmployees } from "../memory-employees.ts";
import { type MemoryEntries, memoryEntries, unavailable } from "../memory-entries.ts";

const appWith = (entries: MemoryEntries) =>
  buildApp({ entries, employees: memoryEmployees(), stopping: () => false, probe: async () => {} });

function form(url: string, fields: Record<string, string>) {
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  return { method: "POST", url, headers, payload: new URLSearchParams(fields).toString() } as const;
}

test("the page lists entries with their forms and loads nothing from elsewhere", async () => {
  const response = await appWith(memoryEntries("first entry")).inject("/");
  expect(response.statusCode).toBe(200);
  expect(response.headers["content-type"]).toBe("text/html; charset=utf-8");
  expect(response.headers["content-security-policy"]).toContain("default-src 'none'");
  expect(response.body).toContain("first entry");
  expect(response.body).toContain('action="/entries/1/delete"');
  expect(response.body).toContain('href="/entries/1/edit"');
  expect(response.body).not.toMatch(/<script|src=|https?:/);
});

test("an empty list invites to write", async () => {
  expect((await appWith(memoryEntries()).inject("/")).body).toContain("Nothing here yet");
});

test("older entries are one link away", async () => {
  const app = appWith(memoryEntries(...Array.from({ length: 51 }, (_, index) => `entry ${index + 1}`)));
  expect((await app.inject("/")).body).toContain('href="/?before=2"');
  const older = await app.inject("/?before=2");
  expect(older.body).toContain("entry 1<");
  expect(older.body).not.toContain("Older entries");
});

test("what a user wrote is text, never markup, on every page", async () => {
  const hostile = `</textarea><script>alert("x")</script>&'`;
  const app = appWith(memoryEntries(hostile));
  const tooLong = hostile + "x".repeat(1000);
  const pages = [
    await app.inject("/"),
    await app.inject("/entries/1/edit"),
    await app.inject(form("/entries", { text: tooLong })),
    await app.inject(form("/entries/1", { text: tooLong })),
  ];
  for (const { body } of pages) {
    expect(body).not.toContain("<script>");
    expect(body).toContain("&lt;/textarea&gt;&lt;script&gt;");
  }
});

test("the forms add, change and delete, and lead back to the list", async () => {
  const entries = memoryEntries();
  const app = appWith(entries);
  const added = await app.inject(form("/entries", { text: "a\r\nb" }));
  expect([added.statusCode, added.headers.location]).toEqual([303, "/"]);
  expect(entries.all[0]?.text).toBe("a\nb");

  expect((await app.inject("/entries/1/edit")).body).toContain("a\nb</textarea>");
  expect((await app.inject(form("/entries/1", { text: "c" }))).statusCode).toBe(303);
  expect(entries.all[0]?.text).toBe("c");

  expect((await app.inject(form("/entries/1/delete", {}))).statusCode).toBe(303);
  expect(entries.all).toEqual([]);
  expect((await app.inject(form("/entries/1/delete", {}))).statusCode).toBe(303);
});

test("a refused form comes back with the reason and the text", async () => {
  const entries = memoryEntries("one");
  const app = appWith(entries);
  const added = await app.inject(form("/entries", { text: "y".repeat(1001) }));
  expect(added.statusCode).toBe(400);
  expect(added.body).toContain("text must have at most 1000 characters");
  expect(added.body).toContain("y".repeat(1001));
  const changed = await app.inject(form("/entries/1", { text: "   " }));
  expect([changed.statusCode, changed.body.includes("text must not be blank")]).toEqual([400, true]);
  const empty = await app.inject(form("/entries", {}));
  expect([empty.statusCode, empty.body.includes("text is missing")]).toEqual([400, true]);
  expect(entries.all.map(({ text }) => text)).toEqual(["one"]);
});

test("as many characters as the browser lets through are accepted, line ends counted once", async () => {
  const entries = memoryEntries();
  const response = await appWith(entries).inject(form("/entries", { text: `${"a\r\n".repeat(499)}ab` }));
  expect(response.statusCode).toBe(303);
});

test.each(["/nowhere", "/entries/9/edit"])("%s is a 404 page with a way back", async (url) => {
  const response = await appWith(memoryEntries()).inject(url);
  expect(response.statusCode).toBe(404);
  expect(response.headers["content-type"]).toContain("text/html");
  expect(response.body).toContain('href="/"');
});

test("saving an entry that is gone is a 404 page", async () => {
  expect((await appWith(memoryEntries()).inject(form("/entries/9", { text: "x" }))).statusCode).toBe(404);
});

test("an id that is no number is a 400 page", async () => {
  const response = await appWith(memoryEntries()).inject(form("/entries/x", { text: "x" }));
  expect([response.statusCode, response.body.includes("id must be a whole number above 0")]).toEqual([
    400,
    true,
  ]);
});

test("without the database every page says so, with 503 and no stack", async () => {
  const entries = memoryEntries("one");
  entries.failure = unavailable;
  const app = appWith(entries);
  for (const request of [{ url: "/" }, { url: "/entries/1/edit" }, form("/entries", { text: "x" })]) {
    const response = await app.inject(request);
    expect([response.statusCode, response.headers["retry-after"]]).toEqual([503, "5"]);
    expect(response.headers["content-type"]).toContain("text/html");
    expect(response.body).toContain("The database does not answer just now");
    expect(response.body).not.toMatch(/ECONNREFUSED|\.ts:/);
  }
});

test("who saves over somebody else's change is shown both, and may save again", async () => {
  const entries = memoryEntries("as it was");
  const app = appWith(entries);
  const tagIn = (page: string) =>
    /name="tag" value="([^"]*)"/.exec(page)?.[1]?.replaceAll("&quot;", '"') ?? "";
  const read = tagIn((await app.inject("/entries/1/edit")).body);
  expect((await app.inject(form("/entries/1", { text: "theirs", tag: read }))).statusCode).toBe(303);
  const refused = await app.inject(form("/entries/1", { text: "mine", tag: read }));
  expect(refused.statusCode).toBe(409);
  expect(refused.body).toContain("<blockquote>theirs</blockquote>");
  expect(refused.body).toContain("mine</textarea>");
  expect(entries.all[0]?.text).toBe("theirs");
  const again = await app.inject(form("/entries/1", { text: "mine", tag: tagIn(refused.body) }));
  expect([again.statusCode, entries.all[0]?.text]).toEqual([303, "mine"]);
});
