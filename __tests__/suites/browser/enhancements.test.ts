import { afterAll, afterEach, beforeAll, beforeEach, expect, jest, test } from "@jest/globals";
import type { Browser } from "playwright-core";
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
beforeEach(async () => {
  site = await startSite();
  visitor = await visit(browser);
});
afterEach(async () => {
  const complaints = visitor.complaints();
  await visitor.leave();
  await site.stop();
  expect(complaints).toEqual([]);
});

test("everything can be done with the keyboard alone", async () => {
  const { page } = visitor;
  const { keyboard } = page;
  await page.goto(site.url);
  await keyboard.press("Tab");
  expect(await page.locator(":focus").textContent()).toBe("Skip to content");
  await keyboard.press("Enter");
  await keyboard.press("Tab");
  await page.locator("#text:focus").waitFor();
  await keyboard.type("Written without a mouse");
  await keyboard.press("Tab");
  await keyboard.press("Enter");
  await page.getByText("The entry was added.").waitFor();

  const remove = page.getByRole("link", { name: "Delete entry 5" });
  await tabTo("Delete entry 5");
  await keyboard.press("Enter");
  await page.getByRole("dialog").waitFor();
  expect(await page.locator(":focus").textContent()).toBe("Cancel");
  await keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  expect(await remove.evaluate((link) => link.matches(":focus"))).toBe(true);
  await keyboard.press("Enter");
  await page.getByRole("dialog").waitFor();
  await keyboard.press("Shift+Tab");
  await keyboard.press("Enter");
  await page.getByText("The entry was deleted.").waitFor();
  expect(site.entries.all).toHaveLength(4);

  async function tabTo(name: string): Promise<void> {
    for (let step = 0; step < 20; step++) {
      await keyboard.press("Tab");
      if ((await page.locator(":focus").getAttribute("aria-label")) === name) return;
    }
    throw new Error(`the keyboard does not come to "${name}"`);
  }
});

test("every control that has the focus shows it", async () => {
  const { page } = visitor;
  await page.goto(`${site.url}/employees/new`);
  const outlines: string[] = [];
  for (let step = 0; step < 12; step++) {
    await page.keyboard.press("Tab");
    outlines.push(await page.evaluate<string>("getComputedStyle(document.activeElement).outlineStyle"));
  }
  expect(new Set(outlines)).toEqual(new Set(["solid"]));
});

test("a search shows what it finds while one types, says how much, and can be linked to", async () => {
  const { page } = visitor;
  await page.goto(`${site.url}/employees`);
  await page.evaluate("document.body.dataset.same = 'page'");
  await page.getByRole("searchbox").pressSequentially("hopper");
  await page.getByText("1 employee with “hopper”").waitFor();
  expect(await page.locator(".person .name").allTextContents()).toEqual(["Grace Brewster Murray Hopper"]);
  expect(page.url()).toBe(`${site.url}/employees?search=hopper`);
  await page.getByRole("searchbox").fill("nobody at all");
  await page.getByRole("heading", { name: "Nobody has “nobody at all”" }).waitFor();
  await page.getByRole("searchbox").fill("");
  await page.getByText("Ada Lovelace").waitFor();
  expect(await page.evaluate("document.body.dataset.same")).toBe("page");
});

test("a form that is sent twice is sent once", async () => {
  const { page } = visitor;
  const { add } = site.entries;
  const asked = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<void>();
  let times = 0;
  site.entries.add = async (input) => {
    times++;
    asked.resolve();
    await answer.promise;
    return add(input);
  };
  await page.goto(site.url);
  await page.getByLabel("New entry").fill("once");
  await page.getByRole("button", { name: "Add entry" }).focus();
  await page.keyboard.press("Enter");
  await asked.promise;
  await page.keyboard.press("Enter");
  answer.resolve();
  await page.getByText("The entry was added.").waitFor();
  expect([times, site.entries.all.length]).toEqual([1, 5]);
});

test("a text says how much room is left", async () => {
  const { page } = visitor;
  await page.goto(site.url);
  await page.getByLabel("New entry").fill("four");
  await page.getByText("4 of 1000 characters").waitFor();
});

test("a picture is shown before it is sent, and one that is too large is not sent at all", async () => {
  const { page } = visitor;
  await page.goto(`${site.url}/employees/${idOf(1)}/photo`);
  const field = page.getByLabel("Picture");
  const preview = page.getByAltText("The picture that you chose");
  expect(await preview.isVisible()).toBe(false);
  await field.setInputFiles({ name: "me.png", mimeType: "image/png", buffer: await picture() });
  await preview.waitFor();
  await page.getByText(/me\.png, \d+ KB/).waitFor();
  await field.setInputFiles({
    name: "me.png",
    mimeType: "image/png",
    buffer: Buffer.alloc(5 * 1024 * 1024 + 1),
  });
  expect(await field.evaluate((input) => input.validationMessage)).toBe("A photo may have at most 5 MB.");
  await page.getByRole("button", { name: "Save photo" }).click();
  expect(page.url()).toBe(`${site.url}/employees/${idOf(1)}/photo`);
  expect(site.photos.kept.size).toBe(0);
});

test("the status follows what happens until it is paused", async () => {
  const { page } = visitor;
  let asked = 0;
  page.on("request", (request) => {
    if (request.resourceType() === "fetch") asked++;
  });
  await page.clock.install();
  await page.goto(`${site.url}/status`);
  await page.getByText("Answers", { exact: true }).waitFor();
  site.answers = false;
  await page.clock.runFor(3000);
  await page.getByText("Does not answer", { exact: true }).waitFor();
  await page.getByText("the database does not answer.").waitFor();

  await page.getByRole("button", { name: "Pause updates" }).click();
  const before = asked;
  await page.clock.runFor(30_000);
  expect([before, asked]).toEqual([1, before]);
  site.answers = true;
  await page.getByRole("button", { name: "Resume updates" }).click();
  await page.clock.runFor(3000);
  await page.getByText("Answers", { exact: true }).waitFor();
});

test("times are those of who reads them", async () => {
  const elsewhere = await visit(browser, { timezoneId: "Asia/Tokyo" });
  await elsewhere.page.goto(site.url);
  await elsewhere.page.getByText("Jan 2, 2026, 12:04 PM").first().waitFor();
  await elsewhere.leave();
});
