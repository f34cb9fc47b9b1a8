import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import axe from "axe-core";
import type { Browser, Page } from "playwright-core";
import { CATALOGUE, EMPTY } from "./catalogue.ts";
import { launchBrowser } from "./chromium.ts";
import { startSite } from "./site.ts";
import { visit } from "./visitor.ts";

jest.setTimeout(60_000);

const SCREENSHOTS = join(import.meta.dirname, "../../../artifacts/screenshots");
const WIDTHS = [1280, 768, 360];

let browser: Browser;
beforeAll(async () => {
  mkdirSync(SCREENSHOTS, { recursive: true });
  browser = await launchBrowser();
});
afterAll(() => browser.close());

const pages = Object.entries({ ...CATALOGUE, ...EMPTY }).map(([name, open]) => ({ name, open }));

test.each(pages)(
  "$name can be used by everybody, in light and dark, on every screen",
  async ({ name, open }) => {
    const site = await startSite({ empty: name in EMPTY });
    const { page, complaints, leave } = await visit(browser);
    try {
      await open(page, site);
      for (const colorScheme of ["light", "dark"] as const) {
        await page.setViewportSize({ width: 1280, height: 800 });
        await page.emulateMedia({ colorScheme });
        expect(await barriers(page)).toEqual([]);
        for (const width of WIDTHS) {
          await page.setViewportSize({ width, height: 800 });
          expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
          await page.screenshot({
            path: join(SCREENSHOTS, `${name}-${width}-${colorScheme}.png`),
            fullPage: true,
          });
        }
      }
      expect(complaints()).toEqual([]);
    } finally {
      await leave();
      await site.stop();
    }
  },
);

/** What axe calls serious or critical, each with where it is. */
async function barriers(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = (await page.evaluate("axe.run()")) as axe.AxeResults;
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ target }) => target).join(", ")}`);
}
