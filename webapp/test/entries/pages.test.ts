import { expect, test } from "@jest/globals";
import { buildApp } from "../../src/app.ts";
import { form, tagIn } from "../forms.ts";
import { memoryEmployees } from "../memory-employees.ts";
import { type MemoryEntries, memoryEntries, unavailable } from "../memory-entries.ts";

const appWith = (entries: MemoryEntries) =>
  buildApp({ entries, employees: memoryEmployees(), stopping: () => false, probe: async () => {} });

test("the page lists entries with what can be done, and loads nothing from elsewhere", async () => {
  const response = await appWith(memoryEntries("first entry")).inject("/");
  expect(response.statusCode).toBe(200);
  expect(response.headers["content-type"]).toBe("text/html; charset=utf-8");
  expect(response.headers["content-security-policy"]).toContain("default-src 'none'");
  expect(response.body).toContain("first entry");
  expect(response.body).toContain('href="/entries/1/delete"');
  expect(response.body).toContain('href="/entries/1/edit"');
  expect(response.body).not.toMatch(/(?:src|href|action)="(?!\/|#)|https?:|<style|style=|<script>/);
});

test("an empty list invites to write", async () => {
  expect((await appWith(memoryEntries()).inject("/")).body).toContain("Nothing here yet");
});

test("older and newer entries are one link away, and the first page is always the newest", async () => {
  const app = appWith(memoryEntries(...Array.from({ length: 101 }, (_, index) => `entry ${index + 1}`)));
  const first = await app.inject("/");
  expect(first.body).toContain('href="/?before=52"');
  expect(first.body).not.toContain("Newer entries");
  const older = await app.inject("/?before=52");
  expect(older.body).toContain("entry 2<");
  expect(older.body).toContain('href="/?after=51"');
  const last = await app.inject("/?before=2");
  expect(last.body).toContain("entry 1<");
  expect(last.body).not.toContain("Older entries");
  const newer = await app.inject("/?after=1");
  expect(newer.body).toMatch(/entry 51<[\s\S]*entry 2</);
  expect(newer.body).toContain('href="/?after=51"');
  expect((await app.inject("/?after=51")).headers.location).toBe("/");
});

test("a search shows what has its words, on every page of it, and says so when there is nothing", async () => {
  const texts = Array.from({ length: 60 }, (_, index) => `${index % 10 ? "Hay" : "Needle"} ${index}`);
  const app = appWith(memoryEntries(...texts));
  const found = (await app.inject("/?search=+needle+")).body;
  expect(found.match(/<li class="card entry">/g)).toHaveLength(6);
  expect(found).toContain('value="needle"');
  expect((await app.inject("/?search=a&limit=2")).body).toContain('href="/?search=a&amp;before=59"');
  expect((await app.inject("/?search=straw")).body).toContain("No entry has “straw” in it");
  expect((await app.inject("/?search=")).body).toContain("Needle 50");
});

test("deleting asks first, and what was changed meanwhile is asked about again", async () => {
  const entries = memoryEntries("as it was");
  const app = appWith(entries);
  const question = await app.inject("/entries/1/delete");
  expect(question.body).toContain("<blockquote>as it was</blockquote>");
  await app.inject(form("/entries/1", { text: "as it is" }));
  const refused = await app.inject(form("/entries/1/delete", { tag: tagIn(question.body) }));
  expect([refused.statusCode, entries.all.length]).toEqual([409, 1]);
  expect(refused.body).toContain("<blockquote>as it is</blockquote>");
  const again = await app.inject(form("/entries/1/delete", { tag: tagIn(refused.body) }));
  expect([again.statusCode, entries.all]).toEqual([303, []]);
  expect((await app.inject("/entries/1/delete")).statusCode).toBe(404);
});

test("what was done is told once, in words of the app's own", async () => {
  const app = appWith(memoryEntries());
  const added = await app.inject(form("/entries", { text: "a" }));
  const [cookie] = String(added.headers["set-cookie"]).split(";");
  const told = await app.inject({ url: "/", headers: { cookie } });
  expect(told.body).toContain("The entry was added.");
  expect(told.headers["set-cookie"]).toContain("notice=; Max-Age=0");
  expect((await app.inject("/")).body).not.toContain("The entry was added.");
  const foreign = await app.inject({ url: "/", headers: { cookie: "notice=constructor" } });
  expect(foreign.body).not.toContain('class="notice"');
});

test("what a user wrote is text, never markup, on every page", async () => {
  const hostile = `</textarea><script>alert("x")</script>&'`;
  const app = appWith(memoryEntries(hostile));
  const tooLong = hostile + "x".repeat(1000);
  const pages = [
    await app.inject("/"),
    await app.inject("/entries/1/edit"),
    await app.inject("/entries/1/delete"),
    await app.inject(`/?search=${encodeURIComponent(hostile)}`),
    await app.inject(`/?search=nowhere${encodeURIComponent(hostile)}`),
    await app.inject(form("/entries", { text: tooLong })),
    await app.inject(form("/entries/1", { text: tooLong })),
    await app.inject(form("/entries/1", { text: hostile, tag: `"${hostile}` })),
    await app.inject(form("/entries/1/delete", { tag: "stale" })),
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
  expect(added.body).toContain("Text must have at most 1000 characters");
  expect(added.body).toContain("y".repeat(1001));
  const changed = await app.inject(form("/entries/1", { text: "   " }));
  expect([changed.statusCode, changed.body.includes("Text must not be blank")]).toEqual([400, true]);
  const empty = await app.inject(form("/entries", {}));
  expect([empty.statusCode, empty.body.includes("Text is missing")]).toEqual([400, true]);
  for (const { body } of [added, changed, empty]) {
    expect(body).toContain('<a href="#text">Text ');
    expect(body).toMatch(/aria-describedby="[^"]*text-problem" aria-invalid="true"/);
    expect(body).toContain("<title>Problem: ");
  }
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
