import { isDeepStrictEqual } from "node:util";
import type { BenchDatabase } from "./database.ts";
import { LISTED, OPERATIONS } from "./operations.ts";

/**
 * Asks each app once for everything that is measured: all must give the same rows and the same page, which must show
 * every text, as text. @returns the length of each app's page, in bytes
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
        const markup = markupOf(text);
        if (!expected.has(operation)) expected.set(operation, markup);
        if (markup !== expected.get(operation))
          refuse(
            `another page than the first app's: ${difference(expected.get(operation) as string, markup)}`,
          );
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
  return decoded(html.replace(/<[^>]*>/g, ""));
}

/** A page without what makes no difference: space around tags, how a character is escaped, the assets' version. */
function markupOf(html: string): string {
  return decoded(html)
    .replaceAll(/\/assets\/[0-9a-f]{16}\//g, "/assets/")
    .replaceAll(/\s+/g, " ")
    .replaceAll(/ ?([<>]) ?/g, "$1")
    .trim();
}

function decoded(html: string): string {
  const named: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", ndash: "–", quot: '"' };
  return html.replace(/&(?:#(\d+)|(\w+));/g, (whole, number, name) =>
    number ? String.fromCodePoint(Number(number)) : (named[name] ?? whole),
  );
}

/** Where two texts part. */
function difference(one: string, other: string): string {
  let at = 0;
  while (one[at] === other[at]) at++;
  const [expected, got] = [one, other].map((text) => text.slice(Math.max(0, at - 40), at + 40));
  return `"${expected}" was to be there, not "${got}"`;
}
