import type { WebappProcess } from "../webapp-process.ts";
import { type Schema, type Size, sample } from "./samples.ts";

/** An app's description of its own API: openapi.json. */
export interface ApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

interface Operation {
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
}

/** One request and what came back of it that does not differ from run to run. */
export interface Exchange {
  readonly request: string;
  /** Status, and of a body the fields that were sent. */
  readonly answer: string;
}

type Fields = Record<string, unknown>;

/** What a path makes, and of which sample. */
interface Collection {
  readonly path: string;
  readonly schema: Schema;
}

/**
 * Writes, reads, changes and deletes one of everything that the app says it keeps, small and large, the same twice; and
 * asks for its page and its lists.
 */
export async function exercise(app: WebappProcess, document: ApiDocument): Promise<Exchange[]> {
  const said: Exchange[] = [];
  const ask = async (method: string, path: string, name: string, sent?: Fields) => {
    const { status, body } = await app.json(method, path, sent);
    const answered = (body ?? {}) as Fields;
    const kept = Object.keys(sent ?? {}).map((field) => `${field} ${JSON.stringify(answered[field])}`);
    said.push({ request: `${method} ${name}`, answer: [status, ...kept].join(", ") });
    return answered;
  };
  for (const { path, schema } of collections(document)) {
    const made: [size: Size, id: unknown][] = [];
    for (const size of ["smallest", "largest", "largest"] as const) {
      const { id } = await ask("POST", path, `${path} (${size})`, sample(schema, size) as Fields);
      if (id !== undefined) made.push([size, id]);
    }
    for (const [size, id] of made) {
      const other = size === "smallest" ? "largest" : "smallest";
      await ask("GET", `${path}/${id}`, `${path}/{id} (${size})`);
      await ask("PUT", `${path}/${id}`, `${path}/{id} (${other})`, sample(schema, other) as Fields);
      await ask("DELETE", `${path}/${id}`, `${path}/{id}`);
      await ask("GET", `${path}/${id}`, `${path}/{id} (deleted)`);
    }
  }
  for (const [path, operations] of Object.entries(document.paths)) {
    if ("get" in operations && !path.includes("{")) await ask("GET", path, path);
  }
  said.push({ request: "GET /", answer: String(await app.status("/")) });
  return said;
}

/** Makes one of everything, to be read again later. @returns the paths of what was made */
export async function leaveTraces(app: WebappProcess, document: ApiDocument): Promise<string[]> {
  const made = collections(document).map(async ({ path, schema }) => {
    const { body } = await app.json("POST", path, sample(schema, "smallest") as Fields);
    return `${path}/${(body as Fields).id}`;
  });
  return Promise.all(made);
}

function collections({ paths }: ApiDocument): Collection[] {
  return Object.entries(paths).flatMap(([path, operations]) => {
    const schema = operations.post?.requestBody?.content["application/json"]?.schema;
    return schema && paths[`${path}/{id}`] ? [{ path, schema }] : [];
  });
}
