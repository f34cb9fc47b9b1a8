import { form, json, type RawRequest } from "./raw.ts";

/** A place where the app takes text and keeps it. */
export interface Field {
  readonly name: string;
  readonly request: (text: string) => RawRequest;
  /** The status when the text was kept. */
  readonly kept: number;
  /** Statement whose one row has the text kept last, as `value`. */
  readonly stored: string;
  /** Pages that show it. */
  readonly pages: readonly string[];
}

/** A place where the app takes an id, a number or a cursor. */
export interface Parameter {
  readonly name: string;
  readonly request: (value: string) => RawRequest;
}

/** What is stored under 1 before the attacks. */
export const FIRST_ENTRY = 1;

const newest = "select text as value from webapp.entries order by id desc limit 1";
const first = `select text as value from webapp.entries where id = ${FIRST_ENTRY}`;

/** Every field of every route: one more here is attacked with everything in hostile.test.ts. */
export const FIELDS: readonly Field[] = [
  {
    name: "the text of a new entry, by the API",
    request: (text) => json("POST", "/api/entries", { text }),
    kept: 201,
    stored: newest,
    pages: ["/", "/api/entries"],
  },
  {
    name: "the text of a new entry, by the form",
    request: (text) => form("/entries", { text }),
    kept: 303,
    stored: newest,
    pages: ["/"],
  },
  {
    name: "the text of an entry, by the API",
    request: (text) => json("PUT", `/api/entries/${FIRST_ENTRY}`, { text }),
    kept: 200,
    stored: first,
    pages: [`/entries/${FIRST_ENTRY}/edit`],
  },
  {
    name: "the text of an entry, by the form",
    request: (text) => form(`/entries/${FIRST_ENTRY}`, { text }),
    kept: 303,
    stored: first,
    pages: [`/entries/${FIRST_ENTRY}/edit`],
  },
];

/** Every parameter of every route, in path and query. */
export const PARAMETERS: readonly Parameter[] = [
  { name: "before of the list, by the API", request: (value) => ({ path: `/api/entries?before=${value}` }) },
  { name: "limit of the list, by the API", request: (value) => ({ path: `/api/entries?limit=${value}` }) },
  { name: "before of the list, on the page", request: (value) => ({ path: `/?before=${value}` }) },
  { name: "limit of the list, on the page", request: (value) => ({ path: `/?limit=${value}` }) },
  { name: "id of an entry", request: (value) => ({ path: `/api/entries/${value}` }) },
  {
    name: "id of an entry to change",
    request: (value) => json("PUT", `/api/entries/${value}`, { text: "hostile" }),
  },
  {
    name: "id of an entry to delete",
    request: (value) => ({ method: "DELETE", path: `/api/entries/${value}` }),
  },
  { name: "id of an entry on its page", request: (value) => ({ path: `/entries/${value}/edit` }) },
  {
    name: "id of an entry to change, by the form",
    request: (value) => form(`/entries/${value}`, { text: "hostile" }),
  },
  {
    name: "id of an entry to delete, by the form",
    request: (value) => form(`/entries/${value}/delete`, {}),
  },
];
