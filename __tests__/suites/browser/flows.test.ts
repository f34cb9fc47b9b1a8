import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from "@jest/globals";
import type { Browser } from "playwright-core";
import { sendUnchecked } from "./catalogue.ts";
import { launchBrowser } from "./chromium.ts";
import { idOf, picture, type Site, startSite } from "./site.ts";
import { type Visitor, visit } from "./visitor.ts";

jest.setTimeout(60_000);

let browser: Browser;
let site: Site;
let visitor: Visitor;

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

describe.each([
  ["with JavaScript", true],
  ["without JavaScript", false],
])("%s", (_, javaScriptEnabled) => {
  beforeEach(async () => {
    site = await startSite();
    visitor = await visit(browser, { javaScriptEnabled });
  });
  afterEach(async () => {
    const complaints = visitor.complaints();
    await visitor.leave();
    await site.stop();
    expect(complaints).toEqual([]);
  });

  test("an entry is written, found, changed and deleted", async () => {
    const { page } = visitor;
    await page.goto(site.url);
    await page.getByLabel("New entry").fill("Buy\nmilk & honey");
    await page.getByRole("button", { name: "Add entry" }).click();
    await page.getByText("The entry was added.").waitFor();

    await page.getByRole("searchbox", { name: "Search entries" }).fill("MILK &");
    await page.getByRole("button", { name: "Search" }).click();
    await page.getByText("Entries with “MILK &”").waitFor();
    expect(await page.locator(".entry .text").allTextContents()).toEqual(["Buy\nmilk & honey"]);

    await page.getByRole("link", { name: "Edit entry 5" }).click();
    await page.getByLabel("Text").fill("Buy bread");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("The entry was saved.").waitFor();
    expect(site.entries.all.at(-1)?.text).toBe("Buy bread");

    await page.getByRole("link", { name: "Delete entry 5" }).click();
    await page.getByRole("heading", { name: "Delete this entry?" }).waitFor();
    expect(page.url().endsWith("/entries/5/delete")).toBe(!javaScriptEnabled);
    await page.getByRole("button", { name: "Delete entry" }).click();
    await page.getByText("The entry was deleted.").waitFor();
    expect(site.entries.all.map(({ id }) => id)).toEqual([1, 2, 3, 4]);
  });

  test("what is not deleted after all stays", async () => {
    const { page } = visitor;
    await page.goto(site.url);
    await page.getByRole("link", { name: "Delete entry 4" }).click();
    await page.getByRole("heading", { name: "Delete this entry?" }).waitFor();
    await page.getByRole("link", { name: "Cancel" }).click();
    await page.getByRole("heading", { name: "Delete this entry?" }).waitFor({ state: "detached" });
    await page.getByRole("link", { name: "Edit entry 4" }).waitFor();
    expect(site.entries.all).toHaveLength(4);
  });

  test("the pages of entries lead to older ones and back", async () => {
    for (let index = 5; index <= 60; index++) await site.entries.add({ text: `entry ${index}` });
    const { page } = visitor;
    await page.goto(site.url);
    await page.getByRole("link", { name: "Older entries" }).click();
    await page.getByText("A short one").waitFor();
    await page.getByRole("link", { name: "Newer entries" }).click();
    await page.getByText("entry 60").waitFor();
    expect(page.url()).toBe(`${site.url}/`);
  });

  test("who changes what somebody else has changed is shown both, and saves again", async () => {
    const { page } = visitor;
    await page.goto(`${site.url}/entries/1/edit`);
    await site.entries.change(1, { text: "theirs" });
    await page.getByLabel("Text").fill("mine");
    await page.getByRole("button", { name: "Save" }).click();
    await page.locator("[role=alert]:focus").getByText("theirs").waitFor();
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("The entry was saved.").waitFor();
    expect(site.entries.all[0]?.text).toBe("mine");
  });

  test("an employee is added after what was wrong is mended, changed and deleted", async () => {
    const { page } = visitor;
    await page.goto(`${site.url}/employees`);
    await page.getByRole("link", { name: "New employee" }).click();
    await page.getByLabel("Location").fill("Bletchley");
    await sendUnchecked(page, "Add employee", { name: "Joan Clarke", jobTitle: " ", email: "joan" });
    await page.locator("#problems:focus").waitFor();
    await page.getByRole("link", { name: "Job title must not be empty" }).click();
    await page.locator("#jobTitle:focus").fill("Cryptanalyst");
    await page.getByLabel("Email address").fill("joan@example.com");
    await page.getByRole("button", { name: "Add employee" }).click();
    await page.getByRole("heading", { name: "Joan Clarke" }).waitFor();
    await page.getByText("The employee was added.").waitFor();

    await page.getByRole("link", { name: "Edit" }).click();
    await page.getByLabel("Location").fill("Oxford");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Oxford").waitFor();

    await page.getByRole("link", { name: "Delete" }).click();
    await page.getByRole("button", { name: "Delete employee" }).click();
    await page.getByText("The employee was deleted.").waitFor();
    expect(site.employees.all).toHaveLength(8);
  });

  test("people are found by what is written of them", async () => {
    const { page } = visitor;
    await page.goto(`${site.url}/employees`);
    await page.getByRole("searchbox", { name: "Search employees" }).fill("cambridge");
    await page.getByRole("button", { name: "Search" }).click();
    await page.getByText("Employees with “cambridge”").waitFor();
    expect(await page.locator(".person .name").allTextContents()).toEqual(["Margaret Hamilton"]);
    await page.getByRole("link", { name: "Show all" }).click();
    await page.getByText("Ada Lovelace").waitFor();
  });

  test("a photo is refused with its reason, set, seen and taken away", async () => {
    const { page } = visitor;
    await page.goto(`${site.url}/employees/${idOf(1)}`);
    await page.getByRole("link", { name: "Add a photo" }).click();
    const choose = (buffer: Buffer) =>
      page.getByLabel("Picture").setInputFiles({ name: "me.png", mimeType: "image/png", buffer });
    const save = () => page.getByRole("button", { name: "Save photo" }).click();
    await choose(Buffer.from("<svg></svg>"));
    await save();
    await page.getByRole("link", { name: "A photo must be a JPEG, PNG or WebP picture." }).waitFor();

    await choose(Buffer.alloc(5 * 1024 * 1024 + 1, "\x89PNG\r\n\x1a\n", "latin1"));
    if (!javaScriptEnabled) {
      await save();
      await page.getByRole("link", { name: "A photo may have at most 5 MB." }).waitFor();
    }
    await choose(await picture());
    await save();
    await page.getByText("The photo was saved.").waitFor();
    const photo = page.getByAltText("Photo of Ada Lovelace");
    await page.waitForLoadState("load");
    expect(await photo.evaluate((image) => image.naturalWidth)).toBe(320);

    await page.getByRole("link", { name: "Change photo" }).click();
    await page.getByRole("button", { name: "Remove the photo" }).click();
    await page.getByText("The photo was removed.").waitFor();
    expect(site.photos.kept.size).toBe(0);
  });

  test("the status tells who answers and whether the database does", async () => {
    const { page } = visitor;
    site.answers = false;
    await page.goto(site.url);
    await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Status" }).click();
    await page.getByText("i-0a1b2c3d4e5f67890").waitFor();
    await page.getByText("Does not answer").waitFor();
    expect(await page.getByRole("button", { name: "Pause updates" }).isVisible()).toBe(javaScriptEnabled);
  });
});
