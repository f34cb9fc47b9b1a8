import type { IncomingMessage, ServerResponse } from "node:http";
import type { RowDataPacket } from "mysql2/promise";
import type { Database } from "./database.ts";

/** Bytes of a form at most. */
const LONGEST_FORM = 8192;

/** Answers `GET /`, the notes, and `POST /`, another one; false if it is neither. */
export async function notes(
  request: IncomingMessage,
  response: ServerResponse,
  database: Database,
): Promise<boolean> {
  if (request.url !== "/") return false;
  if (request.method === "GET") {
    const rows = await database.query<RowDataPacket[]>("select text from notes order by id desc limit 50");
    response.writeHead(200, {
      "content-type": "text/html; charset=utf-8",
      "cache-control": "no-store",
      "content-security-policy": "default-src 'none'; form-action 'self'; frame-ancestors 'none'",
    });
    response.end(page(rows.map(({ text }) => String(text))));
    return true;
  }
  if (request.method !== "POST") return false;
  // Another site's form would write in the name of whoever looks at it.
  const site = request.headers["sec-fetch-site"] ?? "same-origin";
  const text = (await readForm(request)).get("text")?.trim() ?? "";
  if (site !== "same-origin" || text === "" || text.length > 1000) {
    response.writeHead(site === "same-origin" ? 400 : 403).end();
    return true;
  }
  await database.query("insert into notes (text) values (?)", [text]);
  response.writeHead(303, { location: "/" }).end();
  return true;
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) {
    text += chunk;
    if (text.length > LONGEST_FORM) return new URLSearchParams();
  }
  return new URLSearchParams(text);
}

function page(texts: readonly string[]): string {
  return `<!doctype html>
<html lang="en">
<title>Notes</title>
<h1>Notes</h1>
<form method="post" action="/"><input name="text" maxlength="1000" required aria-label="Note"> <button>Keep</button></form>
<ul>${texts.map((text) => `<li>${escaped(text)}</li>`).join("")}</ul>
</html>
`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
