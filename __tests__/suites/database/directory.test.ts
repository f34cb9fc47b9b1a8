import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { connectDatabase } from "../../../webapp/src/database/connect.ts";
import { CachedSecret } from "../../../webapp/src/database/secret.ts";
import { toCursor } from "../../../webapp/src/employees/cursor.ts";
import type { EmployeeInput } from "../../../webapp/src/employees/employee.ts";
import { mysqlEmployees } from "../../../webapp/src/employees/mysql.ts";
import { DirectoryWorld, PLACES } from "./directory-world.ts";

jest.setTimeout(40_000);

const ID = "0b2c3d4e-5f60-4718-8293-a4b5c6d7e8f9";
const ADA: EmployeeInput = {
  name: "Ada Lovelace",
  jobTitle: "Analyst",
  location: "London",
  email: "ada@example.com",
};
let world: DirectoryWorld;

beforeAll(async () => {
  world = await DirectoryWorld.start();
}, 180_000);
beforeEach(() => world.clear());
afterAll(() => world?.stop());

describe.each(PLACES)("in %s", (place) => {
  const store = () => world.stores[place];
  const addAll = (...names: string[]) => Promise.all(names.map((name) => store().add({ ...ADA, name })));
  const search = async (text: string) =>
    (await store().list({ limit: 100, search: text })).employees.map(({ name }) => name);

  test("an employee is kept as given, changed and removed", async () => {
    const added = await store().add({ ...ADA, name: 'Ada 🌊 O\'Hara \\ "x"' });
    expect(added).toMatchObject({ name: 'Ada 🌊 O\'Hara \\ "x"', email: "ada@example.com", photo: null });
    expect(await store().get(added.id)).toEqual(added);

    const { email: _none, ...noEmail } = ADA;
    const changed = await store().change(added.id, { ...noEmail, location: "Paris" });
    expect(changed).toMatchObject({ id: added.id, name: ADA.name, location: "Paris", email: null });
    expect(await store().get(added.id)).toEqual(changed);

    expect(await store().remove(added.id)).toEqual(changed);
    expect(await store().get(added.id)).toBeUndefined();
  });

  test("nobody can be read, changed and removed: each time there is nobody", async () => {
    const nobody = [store().get(ID), store().change(ID, ADA), store().remove(ID)];
    expect(await Promise.all(nobody)).toEqual([undefined, undefined, undefined]);
    expect(await store().ledger.exchange(ID, null)).toBeUndefined();
  });

  test("pages of the list are by name, in any case, and follow each other without a gap", async () => {
    await addAll("ben", "Ada", "Émile", "Zoë", "eve", "Same", "Same", "Same");
    const names: string[] = [];
    const ids = new Set<string>();
    let after: string | undefined;
    do {
      const page = await store().list({ limit: 3, ...(after && { after }) });
      for (const { name, id } of page.employees) {
        names.push(name);
        ids.add(id);
      }
      after = page.next ?? undefined;
    } while (after !== undefined);
    expect(names).toEqual(["Ada", "ben", "Émile", "eve", "Same", "Same", "Same", "Zoë"]);
    expect(ids.size).toBe(8);
  });

  test("a search looks for its text in every field, and for nothing else", async () => {
    await store().add({ name: "100% Ann_", jobTitle: "Chef!", location: "Zürich", email: "a@example.org" });
    await store().add({ name: "1000 Annx", jobTitle: "Cook", location: "Bern" });
    expect(await search("zurich")).toEqual(["100% Ann_"]);
    expect(await search("EXAMPLE.org")).toEqual(["100% Ann_"]);
    expect(await search("0%")).toEqual(["100% Ann_"]);
    expect(await search("ann_")).toEqual(["100% Ann_"]);
    expect(await search("chef!")).toEqual(["100% Ann_"]);
    expect(await search("cook")).toEqual(["1000 Annx"]);
    expect(await search("Ann")).toEqual(["100% Ann_", "1000 Annx"]);
    for (const nothing of ["\\", "' or ''='", "%%", "null"]) expect(await search(nothing)).toEqual([]);
  });

  test("a search goes over several pages", async () => {
    await addAll("Ann 1", "Ann 2", "Ann 3", "Bob");
    const first = await store().list({ limit: 2, search: "ann" });
    const second = await store().list({ limit: 2, search: "ann", after: String(first.next) });
    expect([...first.employees, ...second.employees].map(({ name }) => name)).toEqual([
      "Ann 1",
      "Ann 2",
      "Ann 3",
    ]);
    expect(second.next).toBeNull();
  });

  test("a cursor that somebody made up is a place in the list as any other", async () => {
    await addAll("Ann", "Bob");
    const id = "00000000-0000-0000-0000-000000000000";
    for (const [name, behind] of [
      ["' or '1'='1", ["Ann", "Bob"]],
      ["B", ["Bob"]],
      ["\u0000", ["Ann", "Bob"]],
      ["x".repeat(600), []],
    ] as const) {
      const { employees } = await store().list({ limit: 3, after: toCursor({ id, name }) });
      expect([name, employees.map((one) => one.name)]).toEqual([name, behind]);
    }
  });

  test("of two who change what they read at the same time, one is told", async () => {
    const { id, updatedAt } = await store().add(ADA);
    const change = (name: string) =>
      store().change(id, { ...ADA, name }, (employee) => employee.updatedAt === updatedAt);
    const results = await Promise.allSettled([change("one"), change("other")]);
    const refused = results.filter((result) => result.status === "rejected");
    expect(refused.map(({ reason }) => reason.name)).toEqual(["Outdated"]);
    await expect(store().remove(id, () => false)).rejects.toMatchObject({ name: "Outdated" });
    expect(["one", "other"]).toContain((await store().get(id))?.name);
  });

  test("many who change somebody at once without asking all succeed", async () => {
    const { id } = await store().add(ADA);
    const names = ["a", "b", "c", "d"];
    await Promise.all(names.map((name) => store().change(id, { ...ADA, name })));
    expect(names).toContain((await store().get(id))?.name);
  });
});

test("while DynamoDB does not answer, or says to come again, the directory is away for a moment", async () => {
  world.proxy.fate = () => 500;
  const store = world.stores.DynamoDB;
  const calls = [
    store.list({ limit: 1 }),
    store.get(ID),
    store.add(ADA),
    store.change(ID, ADA),
    store.remove(ID),
  ];
  const results = await Promise.allSettled(calls);
  expect(results.map((result) => result.status === "rejected" && result.reason.name)).toEqual(
    calls.map(() => "DatabaseUnavailable"),
  );
});

test("lists of the database come from the primary while its replica does not answer", async () => {
  const secret = new CachedSecret(async () => world.secret);
  const address = { host: "127.0.0.1", port: 1, name: "webapp", caFile: world.tls.ca };
  const gone = connectDatabase(address, secret, { connections: 1 });
  await world.stores.MariaDB.add(ADA);
  expect((await mysqlEmployees(world.db, gone).list({ limit: 1 })).employees).toMatchObject([
    { name: ADA.name },
  ]);
  await gone.destroy();
});
