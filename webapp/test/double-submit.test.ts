import { expect, test } from "@jest/globals";
import { buildApp } from "../src/app.ts";
import { memoryEmployees } from "./memory-employees.ts";
import { memoryEntries } from "./memory-entries.ts";

function form(fields: Record<string, string>, url = "/entries") {
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  return { method: "POST", url, headers, payload: new URLSearchParams(fields).toString() } as const;
}

const appWith = (entries: ReturnType<typeof memoryEntries>) =>
  buildApp({ entries, employees: memoryEmployees(), stopping: () => false, probe: async () => {} });

test("a form that is clicked three times is one form, and each click leads where it led", async () => {
  const entries = memoryEntries();
  const app = appWith(entries);
  const clicks = await Promise.all([1, 2, 3].map(() => app.inject(form({ text: "once" }))));
  clicks.push(await app.inject(form({ text: "once" })));
  expect(clicks.map(({ statusCode, headers }) => [statusCode, headers.location])).toEqual(
    clicks.map(() => [303, "/"]),
  );
  expect(entries.all).toHaveLength(1);
});

test("two clicks on Save are no conflict", async () => {
  const entries = memoryEntries("one");
  const app = appWith(entries);
  const [, tag = ""] = /name="tag" value="([^"]*)"/.exec((await app.inject("/entries/1/edit")).body) ?? [];
  const save = form({ text: "two", tag: tag.replaceAll("&quot;", '"') }, "/entries/1");
  const clicks = await Promise.all([app.inject(save), app.inject(save)]);
  expect(clicks.map(({ statusCode }) => statusCode)).toEqual([303, 303]);
});

test("other text, and the same from another client, is another form", async () => {
  const entries = memoryEntries();
  const app = appWith(entries);
  await app.inject(form({ text: "a" }));
  await app.inject(form({ text: "b" }));
  const headers = { ...form({}).headers, "x-forwarded-for": "203.0.113.9" };
  await app.inject({ ...form({ text: "a" }), headers });
  expect(entries.all.map(({ text }) => text)).toEqual(["a", "b", "a"]);
});

test("a form that failed may be sent again, by those who wait for it too", async () => {
  const entries = memoryEntries();
  const app = appWith(entries);
  const { add } = entries;
  let first = true;
  entries.add = async (input) => {
    if (!first) return add(input);
    first = false;
    throw new Error("no luck");
  };
  const clicks = await Promise.all([1, 2, 3].map(() => app.inject(form({ text: "x" }))));
  expect(clicks.map(({ statusCode }) => statusCode).sort()).toEqual([303, 303, 500]);
  expect(entries.all).toHaveLength(1);
});

test("the API takes what it is sent, however often", async () => {
  const entries = memoryEntries();
  const app = appWith(entries);
  for (const text of ["a", "a"]) await app.inject({ method: "POST", url: "/api/entries", payload: { text } });
  expect(entries.all).toHaveLength(2);
});
