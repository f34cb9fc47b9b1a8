/**
 * Text entries in MySQL with Node and mysql2 alone: `server.mjs <settings as JSON>`. No framework, no log; what it
 * checks is the size of a body, that a text is one, and that a number is one.
 */
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { connect } from "node:net";
import { createPool, type ResultSetHeader, type RowDataPacket } from "mysql2/promise";
import type { BenchDatabase } from "../../database.ts";
import { LONGEST_TEXT, pageOf, type Row, type Rows } from "./page.ts";

/** What the program is told. */
export interface RawNodeSettings {
  readonly port: number;
  readonly database: Pick<BenchDatabase, "host" | "port" | "user" | "password" | "name" | "caFile">;
  /** Connections to the database at most. */
  readonly connections: number;
}

const LARGEST_BODY = 64 * 1024;

const settings: RawNodeSettings = JSON.parse(process.argv[2] ?? "");
const { host, port: databasePort, user, password, name, caFile } = settings.database;
const pool = createPool({
  ...{ host, port: databasePort, user, password, database: name },
  charset: "UTF8MB4_UNICODE_CI",
  timezone: "Z",
  connectionLimit: settings.connections,
  ssl: { ca: readFileSync(caFile, "utf8"), minVersion: "TLSv1.2", verifyIdentity: true },
  // Node compares the certificate with this field, which an address alone would not set.
  stream: () => Object.assign(connect({ host, port: databasePort, noDelay: true }), { _host: host }),
});

const server = createServer((request, response) => {
  answer(request, response).catch(() => problem(response, 500));
});
server.keepAliveTimeout = 65_000;
server.listen(settings.port, "127.0.0.1");
process.once("SIGTERM", () => process.exit(0));

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://localhost");
  const route = `${request.method} ${pathname}`;
  if (route === "GET /healthz") return json(response, 200, { status: "ok" });
  if (route === "POST /api/entries") return create(request, response);
  if (route === "GET /api/entries" || route === "GET /") {
    const limit = numberOf(searchParams.get("limit") ?? "50");
    const before = numberOf(searchParams.get("before") ?? String(Number.MAX_SAFE_INTEGER));
    if (limit === undefined || limit > 100 || before === undefined) return problem(response, 400);
    const found = await list(limit, before);
    const shown = { ...found, previous: searchParams.has("before") ? (found.rows.at(0)?.id ?? null) : null };
    if (pathname === "/") return html(response, pageOf(shown));
    const { rows, next, previous } = shown;
    return json(response, 200, { entries: rows.map(toEntry), next, previous });
  }
  const id = numberOf(/^\/api\/entries\/(\d+)$/.exec(pathname)?.[1] ?? "");
  if (request.method !== "GET" || id === undefined) return problem(response, 404);
  const [[row]] = await pool.execute<(Row & RowDataPacket)[]>("select * from entries where id = ?", [id]);
  return row ? json(response, 200, toEntry(row)) : problem(response, 404);
}

async function list(limit: number, before: number): Promise<Omit<Rows, "previous">> {
  const [rows] = await pool.execute<(Row & RowDataPacket)[]>(
    // A placeholder for a limit has to be a text in MySQL 8.4.
    "select * from entries where id < ? order by id desc limit ?",
    [before, String(limit + 1)],
  );
  const shown = rows.slice(0, limit);
  return { rows: shown, next: rows.length > limit ? (shown.at(-1)?.id ?? null) : null };
}

async function create(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > LARGEST_BODY) return problem(response, 413);
    chunks.push(chunk);
  }
  const text = textOf(Buffer.concat(chunks).toString());
  if (text === undefined) return problem(response, 400);
  const now = new Date();
  const [{ insertId }] = await pool.execute<ResultSetHeader>(
    "insert into entries (text, created_at, updated_at) values (?, ?, ?)",
    [text, now, now],
  );
  const entry = toEntry({ id: insertId, text, created_at: now, updated_at: now });
  response.setHeader("location", `/api/entries/${insertId}`);
  json(response, 201, entry);
}

function textOf(body: string): string | undefined {
  try {
    const { text } = JSON.parse(body) ?? {};
    return typeof text === "string" && text.length <= LONGEST_TEXT && /\S/.test(text) ? text : undefined;
  } catch {
    return undefined;
  }
}

function numberOf(text: string): number | undefined {
  return /^[1-9][0-9]{0,15}$/.test(text) ? Number(text) : undefined;
}

function toEntry({ id, text, created_at, updated_at }: Row): object {
  return { id, text, createdAt: created_at.toISOString(), updatedAt: updated_at.toISOString() };
}

function json(response: ServerResponse, status: number, value: object): void {
  send(response, status, "application/json; charset=utf-8", JSON.stringify(value));
}

function html(response: ServerResponse, page: string): void {
  send(response, 200, "text/html; charset=utf-8", page);
}

function problem(response: ServerResponse, status: number): void {
  json(response, status, { status });
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  const headers = { "content-type": type, "content-length": Buffer.byteLength(body) };
  response.writeHead(status, headers).end(body);
}
