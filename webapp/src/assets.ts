import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import type { FastifyInstance } from "fastify";

const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
};

/** What has its content in its address never changes. */
const FOR_EVER = "public, max-age=31536000, immutable";

/** The files that pages load: read once, served under an address that changes whenever one of them does. */
export class Assets {
  /** Where they are, e.g. `/assets/4f0a8d…`. One for all, so that a script finds its neighbours by their names. */
  readonly base: string;
  readonly #files: ReadonlyMap<string, Buffer>;
  readonly #digest: string;

  constructor(folder = join(import.meta.dirname, "../assets")) {
    const names = readdirSync(folder).sort();
    this.#files = new Map(names.map((name) => [name, readFileSync(join(folder, name))]));
    const digest = createHash("sha256");
    for (const [name, data] of this.#files) digest.update(`${name} ${data.length}\n`).update(data);
    this.#digest = digest.digest("hex").slice(0, 16);
    this.base = `/assets/${this.#digest}`;
  }

  /** Adds the route that serves them. */
  serve(app: FastifyInstance): void {
    app.get<{ Params: { digest: string; name: string } }>(
      "/assets/:digest/:name",
      { schema: { hide: true } as object },
      (request, reply) => {
        const { digest, name } = request.params;
        const data = this.#files.get(name);
        if (data === undefined) return reply.callNotFound();
        // During a rollout a page of the other release may ask here: ours is better than none, but not for keeps.
        reply.header("cache-control", digest === this.#digest ? FOR_EVER : "no-store");
        return reply.type(TYPES[extname(name)] ?? "application/octet-stream").send(data);
      },
    );
  }
}
