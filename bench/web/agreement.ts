import { isDeepStrictEqual } from "node:util";
import type { BenchDatabase } from "./database.ts";
import { LISTED, OPERATIONS } from "./operations.ts";

/**
 * Asks each app once for everything that is measured: all must give the same rows, and a page must show every text, as
 * text. @returns the length of each app's page, in bytes
 * @throws Error that names the app and what it answered
 */
export async function agree(
  apps: ReadonlyMap<string, string>,
  database: BenchDatabase,
): Promise<Map<string, number>> {
  const lengths = new Map<string, number>();
  const expected = new Map<string, unknown>();
  for (const [name, url] of apps) {
    for (const { name: operation, method, path, body, status } of OPERATIONS) {
      const sent = body === undefined ? {} : { body, headers: { "content-type": "application/json" } };
      const response = await fetch(url + path, { method, ...sent });
      const text = await response.text();
      const refuse = (what: string) => {
        throw new Error(`${name}, ${operation}: ${what}, got ${response.status} ${text.slice(0, 500)}`);
      };
      if (response.status !== status) refuse(`${status} was to be answered`);
      if (response.headers.get("content-type")?.startsWith("text/html")) {
        lengths.set(name, Buffer.byteLength(text));
        const shown = visibleText(text);
        const lost = (await database.newestTexts(LISTED)).find((each) => !shown.includes(each));
        if (lost !== undefined) refuse(`the page does not show "${lost}"`);
      } else if (method === "POST") {
        const [kept] = await database.newestTexts(1);
        if (kept !== JSON.parse(body ?? "").text || JSON.parse(text).text !== kept)
          refuse(`${body} was to be kept`);
        await database.reset();
      } else {
        const rows: unknown = JSON.parse(text);
        if (!expected.has(operation)) expected.set(operation, rows);
        if (!isDeepStrictEqual(rows, expected.get(operation))) refuse("not what the first app answered");
      }
    }
  }
  return lengths;
}

/** What a browser would show. */
function visibleText(html: string): string {
  const named: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"' };
  return html
    .replace(/<[^>]*>/g, "")
    .replace(/&(?:#(\d+)|(\w+));/g, (whole, number, name) =>
      number ? String.fromCodePoint(Number(number)) : (named[name] ?? whole),
    );
}
