import { expect, test } from "@jest/globals";
import { buildApp } from "../../src/app.ts";
import { type MemoryEmployees, memoryEmployees, person } from "../memory-employees.ts";
import { memoryEntries, unavailable } from "../memory-entries.ts";
import { memoryPhotos } from "../memory-photos.ts";

const ID = "0b2c3d4e-5f60-4718-8293-a4b5c6d7e8f9";
const ADA = { name: "Ada Lovelace", jobTitle: "Analyst", location: "London", email: "ada@example.com" };

const appWith = (employees: MemoryEmployees) =>
  buildApp({
    entries: memoryEntries(),
    employees,
    photos: memoryPhotos(employees),
    stopping: () => false,
    probe: async () => {},
  });
const names = (response: { json(): { employees: { name: string }[] } }) =>
  response.json().employees.map(({ name }) => name);

test("an employee is added, read, changed and deleted", async () => {
  const app = appWith(memoryEmployees());
  const added = await app.inject({ method: "POST", url: "/api/employees", payload: ADA });
  expect(added.statusCode).toBe(201);
  expect(added.json()).toMatchObject({ ...ADA, photo: null });
  const url = `/api/employees/${added.json().id}`;
  expect(added.headers.location).toBe(url);

  const { email: _none, ...noEmail } = { ...ADA, location: "Paris" };
  const changed = await app.inject({ method: "PUT", url, payload: noEmail });
  expect([changed.statusCode, changed.json().location, changed.json().email]).toEqual([200, "Paris", null]);
  expect((await app.inject(url)).json()).toEqual(changed.json());

  const deleted = await app.inject({ method: "DELETE", url });
  expect([deleted.statusCode, deleted.body]).toEqual([204, ""]);
  expect((await app.inject(url)).statusCode).toBe(404);
});

test("the list is by name, pages by a cursor and is searched", async () => {
  const app = appWith(memoryEmployees("Zoë", "ada", "Ben", person("Cleo", { location: "Zürich" })));
  const first = await app.inject("/api/employees?limit=2");
  expect(names(first)).toEqual(["ada", "Ben"]);
  const second = await app.inject(`/api/employees?limit=2&after=${first.json().next}`);
  expect([names(second), second.json().next]).toEqual([["Cleo", "Zoë"], null]);
  expect(names(await app.inject("/api/employees?search=zoe"))).toEqual(["Zoë"]);
  expect(names(await app.inject("/api/employees?search=ZURICH"))).toEqual(["Cleo"]);
  expect(names(await app.inject("/api/employees?search=%25"))).toEqual([]);
});

test("a tag keeps a change from being lost, and saves an answer", async () => {
  const employees = memoryEmployees(person("Ada", { id: ID }));
  const app = appWith(employees);
  const { etag } = (await app.inject(`/api/employees/${ID}`)).headers;
  const known = { "if-none-match": String(etag) };
  const same = await app.inject({ url: `/api/employees/${ID}`, headers: known });
  expect([same.statusCode, same.body]).toEqual([304, ""]);

  const request = { url: `/api/employees/${ID}`, headers: { "if-match": String(etag) } };
  expect((await app.inject({ ...request, method: "PUT", payload: ADA })).statusCode).toBe(200);
  expect((await app.inject({ ...request, method: "PUT", payload: ADA })).statusCode).toBe(412);
  expect((await app.inject({ ...request, method: "DELETE" })).statusCode).toBe(412);
  expect(employees.all).toHaveLength(1);
});

test.each(["GET", "PUT", "DELETE"] as const)("%s of nobody is a 404 that says so", async (method) => {
  const payload = method === "PUT" ? { payload: ADA } : {};
  const url = `/api/employees/${ID}`;
  const response = await appWith(memoryEmployees()).inject({ method, url, ...payload });
  expect([response.statusCode, response.json().detail]).toEqual([404, `There is no employee ${ID}.`]);
});

test.each([
  [{ ...ADA, name: undefined }, "name is missing"],
  [{ ...ADA, name: "  " }, "name must not be blank"],
  [{ ...ADA, jobTitle: "x".repeat(101) }, "jobTitle must have at most 100 characters"],
  [{ ...ADA, email: "ada" }, "email must be an address like name@example.com"],
])("the body %j is refused in plain words", async (payload, message) => {
  const employees = memoryEmployees();
  const response = await appWith(employees).inject({ method: "POST", url: "/api/employees", payload });
  expect([response.statusCode, response.json().detail]).toEqual([400, message]);
  expect(employees.all).toEqual([]);
});

test.each([
  ["/api/employees/7", "id must be a UUID, in lower case"],
  ["/api/employees?limit=0", "limit must be a whole number from 1 to 100"],
  ["/api/employees?after=%20", "after must be what an earlier page of the list has in next"],
  ["/api/employees?after=abc", "after must be what an earlier page of the list has in next"],
  [
    `/api/employees?after=${Buffer.from('["x","é"]').toString("base64url")}`,
    "after must be what an earlier page of the list has in next",
  ],
])("%s is refused in plain words", async (url, message) => {
  const response = await appWith(memoryEmployees()).inject(url);
  expect([response.statusCode, response.json().detail]).toEqual([400, message]);
});

test("while the directory is away the answer is 503, with when to try again", async () => {
  const employees = memoryEmployees();
  employees.failure = unavailable;
  const response = await appWith(employees).inject("/api/employees");
  expect([response.statusCode, response.headers["retry-after"]]).toEqual([503, "5"]);
});
