import { readFileSync } from "node:fs";
import { join } from "node:path";

let document: string | undefined;

/**
 * The OpenAPI 3.1 description of the API, as JSON. It is made from the routes' schemas by `npm run docs` and checked by a
 * test, so that the running app need not carry what makes it.
 */
export function apiDocument(): string {
  document ??= readFileSync(join(import.meta.dirname, "../openapi.json"), "utf8");
  return document;
}
