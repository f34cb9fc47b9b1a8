import { Readable } from "node:stream";
import type { Page } from "playwright-core";
import { unavailable } from "../../../webapp/test/memory-entries.ts";
import { idOf, picture, type Site } from "./site.ts";

/** How to come to each page and each state of one that looks different; the names are those of the screenshots. */
export const CATALOGUE: Readonly<Record<string, (page: Page, site: Site) => Promise<unknown>>> = {
  entries: (page, { url }) => page.goto(url),
  "entries-found": (page, { url }) => page.goto(`${url}/?search=short`),
  "entries-not-found": (page, { url }) => page.goto(`${url}/?search=${"nowhere".repeat(8)}`),
  "entries-pages": async (page, { url }) => {
    await page.goto(`${url}/?before=3&limit=1`);
  },
  "entries-problem": async (page, { url }) => {
    await page.goto(url);
    await sendUnchecked(page, "Add entry", { text: "   " });
  },
  "entry-edit": (page, { url }) => page.goto(`${url}/entries/1/edit`),
  "entry-conflict": async (page, { url, entries }) => {
    await page.goto(`${url}/entries/1/edit`);
    await entries.change(1, { text: "What somebody else wrote" });
    await page.getByRole("button", { name: "Save" }).click();
  },
  "entry-delete": (page, { url }) => page.goto(`${url}/entries/1/delete`),
  "entry-delete-dialog": async (page, { url }) => {
    await page.goto(url);
    await page.getByRole("link", { name: "Delete entry 4" }).click();
    await page.getByRole("dialog").waitFor();
  },
  employees: async (page, { url, photos }) => {
    await photos.set(idOf(2), await pictureStream());
    await page.goto(`${url}/employees`, { waitUntil: "networkidle" });
  },
  "employees-not-found": (page, { url }) => page.goto(`${url}/employees?search=nobody`),
  "employees-pages": (page, { url }) => page.goto(`${url}/employees?limit=3`),
  employee: (page, { url }) => page.goto(`${url}/employees/${idOf(1)}`),
  "employee-with-photo": async (page, { url, photos }) => {
    await photos.set(idOf(4), await pictureStream());
    await page.goto(`${url}/employees/${idOf(4)}`, { waitUntil: "networkidle" });
  },
  "employee-new": (page, { url }) => page.goto(`${url}/employees/new`),
  "employee-problems": async (page, { url }) => {
    await page.goto(`${url}/employees/new`);
    await sendUnchecked(page, "Add employee", {
      name: "",
      jobTitle: " ",
      location: "Rome",
      email: "nowhere",
    });
  },
  "employee-edit": (page, { url }) => page.goto(`${url}/employees/${idOf(8)}/edit`),
  "employee-conflict": async (page, { url, employees }) => {
    await page.goto(`${url}/employees/${idOf(1)}/edit`);
    await employees.change(idOf(1), { name: "Ada King", jobTitle: "Countess", location: "London" });
    await page.getByRole("button", { name: "Save" }).click();
  },
  "employee-delete": (page, { url }) => page.goto(`${url}/employees/${idOf(8)}/delete`),
  photo: async (page, { url, photos }) => {
    await photos.set(idOf(4), await pictureStream());
    await page.goto(`${url}/employees/${idOf(4)}/photo`);
    await page.getByLabel("Picture").setInputFiles({ ...FILE, buffer: await picture() });
    await page.getByAltText("The picture that you chose").waitFor();
  },
  "photo-problem": async (page, { url }) => {
    await page.goto(`${url}/employees/${idOf(1)}/photo`);
    await page.getByLabel("Picture").setInputFiles({ ...FILE, buffer: Buffer.from("<svg></svg>") });
    await page.getByRole("button", { name: "Save photo" }).click();
  },
  status: (page, { url }) => page.goto(`${url}/status`),
  "status-away": (page, site) => {
    site.answers = false;
    return page.goto(`${site.url}/status`);
  },
  "error-403": async (page, { url }) => {
    await page.setContent(`<form method="post" action="${url}/entries"><button>Send</button></form>`);
    await page.getByRole("button").click();
  },
  "error-404": (page, { url }) => page.goto(`${url}/nowhere`),
  "error-413": async (page, { url }) => {
    await page.goto(url);
    await sendUnchecked(page, "Add entry", { text: "x".repeat(70_000) });
  },
  "error-429": (page, { url, entries }) => {
    const message = "You ask too much in too short a time. Try again in a minute.";
    entries.failure = Object.assign(new Error(message), { statusCode: 429 });
    return page.goto(url);
  },
  "error-503": (page, { url, entries }) => {
    entries.failure = unavailable;
    return page.goto(url);
  },
};

/** What each page looks like when there is nothing yet. */
export const EMPTY: typeof CATALOGUE = {
  "entries-empty": (page, { url }) => page.goto(url),
  "employees-empty": (page, { url }) => page.goto(`${url}/employees`),
};

const FILE = { name: "ada.png", mimeType: "image/png" };

async function pictureStream() {
  return Readable.from([await picture()]);
}

/** Sends a form without what the browser itself would object to. */
export async function sendUnchecked(
  page: Page,
  button: string,
  fields: Readonly<Record<string, string>>,
): Promise<void> {
  await page.evaluate(
    "for (const form of document.forms) { form.noValidate = true; for (const field of form.elements) field.removeAttribute('maxlength'); }",
  );
  for (const [id, value] of Object.entries(fields)) await page.locator(`#${id}`).fill(value);
  await page.getByRole("button", { name: button }).click();
}
