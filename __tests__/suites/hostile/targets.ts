import { PIXEL } from "../../../webapp/test/photos/pictures.ts";
import { form, json, partsForm, put, type RawRequest } from "./raw.ts";

/** A place where the app takes text and keeps it. */
export interface Field {
  readonly name: string;
  readonly request: (text: string) => RawRequest;
  /** What of a text may stand in this field, and is kept. Default: all of it. */
  readonly fitting?: (text: string) => string;
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

/** An employee who is there before the attacks, as the API knows them, and as the pages do. */
export const FIRST_EMPLOYEE = "0b2c3d4e-5f60-4718-8293-a4b5c6d7e8f9";
export const EMPLOYEE = `/api/employees/${FIRST_EMPLOYEE}`;
export const PROFILE = `/employees/${FIRST_EMPLOYEE}`;
/** The name of their photo. */
export const FIRST_PHOTO = "photo-of-the-first-one";

/** What is good of an employee. */
export const FACTS = {
  name: "Ada Attacked",
  jobTitle: "Analyst",
  location: "London",
  email: "ada@example.com",
} as const;
export type Fact = keyof typeof FACTS;

const COLUMNS: Readonly<Record<Fact, string>> = {
  name: "name",
  jobTitle: "job_title",
  location: "location",
  email: "email",
};

/** As much of a text as a line may have. */
const line = (text: string) => [...text].slice(0, 100).join("");
/** A text as a form keeps it, which takes away the space around it. */
const typed = (text: string) => line(text).trim();
/** A text as the part of an address before the @. */
const mailbox = (text: string) => `${[...text.replaceAll(/[\s@]/g, "")].slice(0, 240).join("")}@example.com`;

const employee = `where id = '${FIRST_EMPLOYEE}'`;
const hired = `where id <> '${FIRST_EMPLOYEE}' order by created_at desc limit 1`;
const profile = [PROFILE, `${PROFILE}/edit`, `${PROFILE}/delete`, `${PROFILE}/photo`, EMPLOYEE];
const directory = ["/employees?limit=100", "/api/employees?limit=100"];

/** Each fact of an employee, wherever it is sent. */
const facts = (Object.keys(FACTS) as Fact[]).flatMap((fact): Field[] => {
  const select = (rows: string) => `select ${COLUMNS[fact]} as value from webapp.employees ${rows}`;
  const sent = { fitting: fact === "email" ? mailbox : line };
  const filled = { fitting: fact === "email" ? mailbox : typed };
  return [
    {
      ...sent,
      name: `the ${fact} of a new employee, by the API`,
      request: (text) => json("POST", "/api/employees", { ...FACTS, [fact]: text }),
      kept: 201,
      stored: select(hired),
      pages: directory,
    },
    {
      ...filled,
      name: `the ${fact} of a new employee, by the form`,
      request: (text) => form("/employees", { ...FACTS, [fact]: text }),
      kept: 303,
      stored: select(hired),
      pages: directory,
    },
    {
      ...sent,
      name: `the ${fact} of an employee, by the API`,
      request: (text) => json("PUT", EMPLOYEE, { ...FACTS, [fact]: text }),
      kept: 200,
      stored: select(employee),
      pages: profile,
    },
    {
      ...filled,
      name: `the ${fact} of an employee, by the form`,
      request: (text) => form(PROFILE, { ...FACTS, [fact]: text }),
      kept: 303,
      stored: select(employee),
      pages: profile,
    },
  ];
});

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
  ...facts,
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
  {
    name: "after of the directory, by the API",
    request: (value) => ({ path: `/api/employees?after=${value}` }),
  },
  {
    name: "limit of the directory, by the API",
    request: (value) => ({ path: `/api/employees?limit=${value}` }),
  },
  {
    name: "after of the directory, on the page",
    request: (value) => ({ path: `/employees?after=${value}` }),
  },
  {
    name: "limit of the directory, on the page",
    request: (value) => ({ path: `/employees?limit=${value}` }),
  },
  { name: "id of an employee", request: (value) => ({ path: `/api/employees/${value}` }) },
  {
    name: "id of an employee to change",
    request: (value) => json("PUT", `/api/employees/${value}`, FACTS),
  },
  {
    name: "id of an employee to delete",
    request: (value) => ({ method: "DELETE", path: `/api/employees/${value}` }),
  },
  { name: "id of an employee on their page", request: (value) => ({ path: `/employees/${value}` }) },
  {
    name: "id of an employee on the form",
    request: (value) => ({ path: `/employees/${value}/edit` }),
  },
  {
    name: "id of an employee to change, by the form",
    request: (value) => form(`/employees/${value}`, FACTS),
  },
  {
    name: "id of an employee in the question",
    request: (value) => ({ path: `/employees/${value}/delete` }),
  },
  {
    name: "id of an employee to delete, by the form",
    request: (value) => form(`/employees/${value}/delete`, { tag: "x" }),
  },
  {
    name: "id of an employee who gets a photo",
    request: (value) => put(`/api/employees/${value}/photo`, PIXEL),
  },
  {
    name: "id of an employee who loses their photo",
    request: (value) => ({ method: "DELETE", path: `/api/employees/${value}/photo` }),
  },
  {
    name: "id of an employee on the page of their photo",
    request: (value) => ({ path: `/employees/${value}/photo` }),
  },
  {
    name: "id of an employee who gets a photo, by the form",
    request: (value) =>
      partsForm(`/employees/${value}/photo`, [
        { name: "photo", filename: "ada.png", type: "image/png", data: PIXEL },
      ]),
  },
  {
    name: "id of an employee who loses their photo, by the form",
    request: (value) => form(`/employees/${value}/photo/delete`, { tag: "x" }),
  },
  { name: "name of a photo", request: (value) => ({ path: `/photos/${value}/large` }) },
  { name: "size of a photo", request: (value) => ({ path: `/photos/${FIRST_PHOTO}/${value}` }) },
];
