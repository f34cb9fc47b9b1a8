import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { openApiDocument } from "../../docs/openapi.ts";

test("webapp/openapi.json is what the routes' schemas say: npm run docs writes it anew", async () => {
  const written = readFileSync(join(import.meta.dirname, "../../webapp/openapi.json"), "utf8");
  expect(written).toBe(await openApiDocument());
});

test("it describes every route of the API, each with what it answers when something is wrong", async () => {
  const { openapi, paths } = JSON.parse(await openApiDocument());
  expect(openapi).toBe("3.1.0");
  const routes = Object.entries(paths as Record<string, Record<string, { responses: object }>>).flatMap(
    ([path, methods]) =>
      Object.entries(methods).map(([method, { responses }]) => [`${method} ${path}`, responses]),
  );
  expect(routes.map(([route]) => route).sort()).toEqual([
    "delete /api/employees/{id}",
    "delete /api/employees/{id}/photo",
    "delete /api/entries/{id}",
    "get /api/employees",
    "get /api/employees/{id}",
    "get /api/entries",
    "get /api/entries/{id}",
    "post /api/employees",
    "post /api/entries",
    "put /api/employees/{id}",
    "put /api/employees/{id}/photo",
    "put /api/entries/{id}",
  ]);
  for (const [, responses] of routes)
    expect(Object.keys(responses as object)).toEqual(expect.arrayContaining(["4XX", "5XX"]));
});

test("it says of each answer what it is, and of each parameter what it does", async () => {
  const { paths } = JSON.parse(await openApiDocument());
  interface Operation {
    readonly parameters?: readonly {
      readonly in: string;
      readonly name: string;
      readonly description?: string;
    }[];
    readonly responses: Readonly<Record<string, { readonly description: string }>>;
  }
  const silent = Object.entries(paths as Record<string, Record<string, Operation>>).flatMap(
    ([path, methods]) =>
      Object.entries(methods).flatMap(([method, { parameters = [], responses }]) => [
        ...Object.entries(responses).flatMap(([status, { description }]) =>
          description === "Default Response" ? [`${method} ${path} ${status}`] : [],
        ),
        ...parameters.flatMap(({ in: place, name, description }) =>
          place !== "path" && !description ? [`${method} ${path} ${name}`] : [],
        ),
      ]),
  );
  expect(silent).toEqual([]);
});
