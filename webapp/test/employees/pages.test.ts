import { expect, test } from "@jest/globals";
import { buildApp } from "../../src/app.ts";
import { form, tagIn } from "../forms.ts";
import { type MemoryEmployees, memoryEmployees, person } from "../memory-employees.ts";
import { memoryEntries, unavailable } from "../memory-entries.ts";

const appWith = (employees: MemoryEmployees) =>
  buildApp({ entries: memoryEntries(), employees, stopping: () => false, probe: async () => {} });

const ada = () =>
  person("Ada Lovelace", { jobTitle: "Analyst", location: "London", email: "ada+work@example.com" });
const facts = { name: " Grace Hopper ", jobTitle: "Admiral", location: "Arlington", email: "" };

test("the directory shows everybody by name, with initials where there is no photo", async () => {
  const one = ada();
  const { statusCode, body } = await appWith(memoryEmployees(one, "Björn")).inject("/employees");
  expect(statusCode).toBe(200);
  expect(body).toMatch(/>AL<[\s\S]*>Ada Lovelace<[\s\S]*>Analyst<[\s\S]*>London<[\s\S]*>B<[\s\S]*>Björn</);
  expect(body).toContain(`href="/employees/${one.id}"`);
  expect(body).toContain('<a class="tab" href="/employees" aria-current="page">');
  expect(body).not.toMatch(/(?:src|href|action)="(?!\/|#)|https?:|<style|style=|<script>/);
});

test("an empty directory invites to add somebody, an empty search to look at all", async () => {
  const app = appWith(memoryEmployees());
  expect((await app.inject("/employees")).body).toContain("Nobody here yet");
  const { body } = await app.inject("/employees?search=zoe");
  expect(body).toContain("Nobody has “zoe” in their name");
  expect(body).toContain('<a class="button quiet" href="/employees">');
});

test("a search keeps its words from page to page", async () => {
  const names = Array.from({ length: 52 }, (_, index) => `Ann ${String(index).padStart(2, "0")}`);
  const app = appWith(memoryEmployees(...names, "Zoe"));
  const first = (await app.inject("/employees?search=+ann+")).body;
  expect([first.includes("Zoe"), first.includes("From the beginning")]).toEqual([false, false]);
  const next = /rel="next" href="([^"]*)"/.exec(first)?.[1]?.replaceAll("&amp;", "&") ?? "";
  expect(next).toMatch(/^\/employees\?search=ann&after=/);
  const second = (await app.inject(next)).body;
  expect(second.match(/<li class="card person">/g)).toHaveLength(2);
  expect(second).toContain('rel="prev" href="/employees?search=ann"');
  expect(second).not.toContain("More employees");
});

test("the forms add, change and delete, and lead to who it is about", async () => {
  const employees = memoryEmployees();
  const app = appWith(employees);
  expect((await app.inject("/employees/new")).body).toContain('action="/employees"');
  const added = await app.inject(form("/employees", facts));
  const { id } = employees.all[0] ?? person("nobody");
  expect([added.statusCode, added.headers.location]).toEqual([303, `/employees/${id}`]);
  expect(employees.all).toMatchObject([{ name: "Grace Hopper", jobTitle: "Admiral", email: null }]);

  const editor = (await app.inject(`/employees/${id}/edit`)).body;
  expect(editor).toContain('value="Grace Hopper"');
  const changed = { ...facts, email: "grace@example.com", tag: tagIn(editor) };
  expect((await app.inject(form(`/employees/${id}`, changed))).headers.location).toBe(`/employees/${id}`);
  expect((await app.inject(`/employees/${id}`)).body).toContain('href="mailto:grace@example.com"');

  const question = (await app.inject(`/employees/${id}/delete`)).body;
  expect(question).toContain("Delete this employee?");
  const deleted = await app.inject(form(`/employees/${id}/delete`, { tag: tagIn(question) }));
  expect([deleted.headers.location, employees.all]).toEqual(["/employees", []]);
  expect((await app.inject(form(`/employees/${id}/delete`, {}))).statusCode).toBe(303);
});

test("a refused form tells everything that is wrong, each beside its field and all of it above", async () => {
  const employees = memoryEmployees(ada());
  const app = appWith(employees);
  const wrong = { name: "  ", jobTitle: "x".repeat(101), location: "Rome", email: "nowhere" };
  for (const url of ["/employees", `/employees/${employees.all[0]?.id}`]) {
    const { statusCode, body } = await app.inject(form(url, wrong));
    expect(statusCode).toBe(400);
    expect(Array.from(body.matchAll(/<a href="#(\w+)">([^<]*)</g), ([, ...found]) => found)).toEqual([
      ["name", "Name must not be empty"],
      ["jobTitle", "Job title must have at most 100 characters"],
      ["email", "Email address must be an address like name@example.com"],
    ]);
    for (const field of ["name", "jobTitle", "email"]) {
      expect(body).toContain(`aria-describedby="${field}-problem"`);
      expect(body).toContain(`id="${field}-problem"`);
    }
    expect(body).toMatch(/id="location"[^>]*value="Rome"/);
    expect(body.match(/aria-invalid/g)).toHaveLength(3);
  }
  expect(employees.all).toMatchObject([{ name: "Ada Lovelace" }]);
});

test("who saves or deletes over somebody else's change is shown it, and may do it again", async () => {
  const employees = memoryEmployees(ada());
  const app = appWith(employees);
  const url = `/employees/${employees.all[0]?.id}`;
  const tag = tagIn((await app.inject(`${url}/edit`)).body);
  await app.inject(form(url, { ...facts, name: "Theirs", tag }));
  const refused = await app.inject(form(url, { ...facts, name: "Mine", tag }));
  expect(refused.statusCode).toBe(409);
  expect(refused.body).toContain("<dd>Theirs</dd>");
  expect(refused.body).toContain('value="Mine"');
  const stale = await app.inject(form(`${url}/delete`, { tag }));
  expect([stale.statusCode, employees.all.length]).toEqual([409, 1]);
  expect(stale.body).toContain("Theirs");
  const again = await app.inject(form(url, { ...facts, name: "Mine", tag: tagIn(refused.body) }));
  expect([again.statusCode, employees.all[0]?.name]).toEqual([303, "Mine"]);
});

test("what a user wrote is text, never markup, on every page", async () => {
  const hostile = `"><script>alert('x')</script>&`;
  const email = `"onclick="x"@<script>?cc=b`;
  const employees = memoryEmployees(person(hostile, { jobTitle: hostile, location: hostile, email }));
  const app = appWith(employees);
  const url = `/employees/${employees.all[0]?.id}`;
  const sent = { name: hostile, jobTitle: hostile, location: hostile, email, tag: hostile };
  for (const request of [
    "/employees",
    `/employees?search=${encodeURIComponent(hostile)}`,
    `/employees?search=nobody${encodeURIComponent(hostile)}`,
    url,
    `${url}/edit`,
    `${url}/delete`,
    form("/employees", { ...sent, location: "" }),
    form(url, { ...sent, location: "" }),
    form(url, sent),
  ]) {
    const { body } = await app.inject(request);
    expect(body).not.toMatch(/<script>|"onclick/);
    expect(body).toContain("&lt;script&gt;");
  }
  expect((await app.inject(url)).body).toContain('href="mailto:%22onclick%3D%22x%22@%3Cscript%3E%3Fcc%3Db"');
});

test("without a bucket there are no photos, and nothing that speaks of them", async () => {
  const employees = memoryEmployees(ada());
  const app = appWith(employees);
  const url = `/employees/${employees.all[0]?.id}`;
  for (const page of ["/employees", url, `${url}/edit`, `${url}/delete`, "/employees/new"]) {
    expect((await app.inject(page)).body).not.toMatch(/photo/i);
  }
  expect((await app.inject(`${url}/photo`)).statusCode).toBe(404);
});

test.each(["", "/edit", "/delete"])("an employee who is not there%s is a 404 page", async (page) => {
  const { statusCode, body } = await appWith(memoryEmployees()).inject(`/employees/${person("x").id}${page}`);
  expect([statusCode, body.includes("There is no employee")]).toEqual([404, true]);
});

test("without the database every page says so, with 503 and how to try again", async () => {
  const employees = memoryEmployees(ada());
  const app = appWith(employees);
  employees.failure = unavailable;
  const url = `/employees/${employees.all[0]?.id}`;
  for (const request of ["/employees", url, `${url}/edit`, form("/employees", facts), form(url, facts)]) {
    const { statusCode, body } = await app.inject(request);
    expect([statusCode, body.includes("The database does not answer just now")]).toEqual([503, true]);
    expect(body.includes("Try again")).toBe(typeof request === "string");
  }
});
