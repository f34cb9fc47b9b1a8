import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { type Candidate, type ImageGraph, imageUsers, removable } from "../../../cli/images/graph.ts";

const NOTHING: ImageGraph = { parameters: [], versions: [], groups: [], instances: [] };

const image = (id: string, createdAt: number, failed = false): Candidate => ({ id, createdAt, failed });

const version = (template: string, number: number, of: string, latest = false, isDefault = false) => ({
  template,
  version: String(number),
  image: of,
  latest,
  isDefault,
});

describe("an image is used by", () => {
  const usersOf = (id: string, graph: Partial<ImageGraph>) =>
    (imageUsers({ ...NOTHING, ...graph }).get(id) ?? []).map((user) => user.name);

  test("a parameter that holds it, of whatever environment", () => {
    const parameters = [{ name: "/webstead/prod/ami-id", image: "ami-1", environment: "prod" }];
    expect(usersOf("ami-1", { parameters })).toEqual(["parameter /webstead/prod/ami-id"]);
    expect(usersOf("ami-2", { parameters })).toEqual([]);
  });

  test("an instance that was launched from it", () => {
    expect(usersOf("ami-1", { instances: [{ id: "i-1", image: "ami-1" }] })).toEqual(["instance i-1"]);
  });

  test("the newest version of a launch template, but not by an older one that no group was made with", () => {
    const versions = [version("lt-1", 1, "ami-1"), version("lt-1", 2, "ami-2", true)];
    expect(usersOf("ami-1", { versions })).toEqual([]);
    expect(usersOf("ami-2", { versions })).toEqual(["launch template lt-1"]);
  });

  test.each([
    ["1", "ami-1"],
    ["$Latest", "ami-3"],
    ["$Default", "ami-2"],
  ])("a group that was made with version %s of a launch template", (wanted, expected) => {
    const versions = [
      version("lt-1", 1, "ami-1"),
      version("lt-1", 2, "ami-2", false, true),
      version("lt-1", 3, "ami-3", true),
      version("lt-2", 1, "ami-4"),
    ];
    const groups = [{ name: "blue", versions: [{ template: "lt-1", version: wanted }] }];
    const used = ["ami-1", "ami-2", "ami-3", "ami-4"].filter((id) =>
      usersOf(id, { versions, groups }).includes("group blue"),
    );
    expect(used).toEqual([expected]);
  });
});

describe("removable", () => {
  test("are the images behind the newest ones that are kept", () => {
    const images = [image("ami-old", 1), image("ami-new", 3), image("ami-mid", 2)];
    expect(removable(images, NOTHING, 2)).toEqual(["ami-old"]);
    expect(removable(images, NOTHING, 3)).toEqual([]);
  });

  test("failed images take no place of one to roll back to, and are not kept for ever either", () => {
    const images = [1, 2, 3, 4].map((at) => image(`ami-failed-${at}`, 10 + at, true));
    expect(removable([image("ami-good", 1), ...images], NOTHING, 2)).toEqual([
      "ami-failed-2",
      "ami-failed-1",
    ]);
  });
});

/** A small world, so that references meet, collide and dangle; ages too are often the same. */
const world = fc
  .record({
    images: fc.uniqueArray(
      fc.record({ id: fc.nat(30).map((n) => `ami-${n}`), createdAt: fc.nat(9), failed: fc.boolean() }),
      { selector: ({ id }) => id, maxLength: 25 },
    ),
    templates: fc.array(fc.array(fc.nat(30), { minLength: 1, maxLength: 6 }), { maxLength: 4 }),
    groups: fc.array(
      fc.array(fc.tuple(fc.nat(4), fc.constantFrom("1", "2", "3", "4", "$Latest", "$Default")), {
        maxLength: 3,
      }),
      { maxLength: 4 },
    ),
    parameters: fc.array(fc.nat(30), { maxLength: 4 }),
    instances: fc.array(fc.nat(30), { maxLength: 4 }),
    keep: fc.integer({ min: 0, max: 6 }),
  })
  .map(({ images, templates, groups, parameters, instances, keep }) => {
    const graph: ImageGraph = {
      parameters: parameters.map((n, index) => ({ name: `/webstead/e${index}/ami-id`, image: `ami-${n}` })),
      instances: instances.map((n, index) => ({ id: `i-${index}`, image: `ami-${n}` })),
      versions: templates.flatMap((chain, t) =>
        chain.map((n, index) =>
          version(`lt-${t}`, index + 1, `ami-${n}`, index === chain.length - 1, index === 0),
        ),
      ),
      groups: groups.map((named, index) => ({
        name: `group-${index}`,
        versions: named.map(([t, wanted]) => ({ template: `lt-${t}`, version: wanted })),
      })),
    };
    return { images, graph, templates, groups, parameters, instances, keep };
  });

describe("over 1,000 random worlds", () => {
  const runs = { numRuns: 1000 };

  test("nothing that is referred to is removed", () => {
    fc.assert(
      fc.property(world, ({ images, graph, templates, groups, parameters, instances, keep }) => {
        // Followed by hand from the raw numbers, not by the code under test.
        const used = new Set([...parameters, ...instances]);
        for (const chain of templates) used.add(chain.at(-1) ?? -1);
        for (const [template, wanted] of groups.flat()) {
          const chain = templates[template] ?? [];
          const index =
            wanted === "$Latest" ? chain.length - 1 : wanted === "$Default" ? 0 : Number(wanted) - 1;
          used.add(chain[index] ?? -1);
        }
        const removed = removable(images, graph, keep);
        expect(removed.filter((id) => used.has(Number(id.slice("ami-".length))))).toEqual([]);
      }),
      runs,
    );
  });

  test("the newest of both sorts stay, and all else that nothing refers to goes", () => {
    fc.assert(
      fc.property(world, ({ images, graph, keep }) => {
        const removed = new Set(removable(images, graph, keep));
        const users = imageUsers(graph);
        for (const failed of [true, false]) {
          const sort = images.filter((one) => one.failed === failed);
          const stay = sort.filter(({ id }) => !removed.has(id));
          expect(stay.length).toBeGreaterThanOrEqual(Math.min(keep, sort.length));
          const oldestKept = stay.filter(({ id }) => !users.has(id));
          expect(oldestKept.length).toBeLessThanOrEqual(keep);
          for (const gone of sort.filter(({ id }) => removed.has(id))) {
            expect(sort.filter(({ createdAt }) => createdAt >= gone.createdAt).length).toBeGreaterThan(keep);
          }
        }
      }),
      runs,
    );
  });

  test("only candidates are removed, each once, and their order does not matter", () => {
    fc.assert(
      fc.property(world, fc.integer(), ({ images, graph, keep }, seed) => {
        const removed = removable(images, graph, keep);
        expect(new Set(removed).size).toBe(removed.length);
        expect(removed.filter((id) => !images.some((one) => one.id === id))).toEqual([]);
        const turned = images.map(
          (_, index) => images[(index + Math.abs(seed)) % images.length] as Candidate,
        );
        expect(removable(turned, graph, keep)).toEqual(removed);
      }),
      runs,
    );
  });

  test("keeping more never removes more", () => {
    fc.assert(
      fc.property(world, ({ images, graph, keep }) => {
        const more = removable(images, graph, keep + 1);
        const less = new Set(removable(images, graph, keep));
        expect(more.filter((id) => !less.has(id))).toEqual([]);
      }),
      runs,
    );
  });
});
