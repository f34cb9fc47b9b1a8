import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { buffer } from "node:stream/consumers";

/** As much of S3 as a photo needs: objects by their paths, written, read and deleted. */
export class ObjectStore {
  readonly #objects = new Map<string, Buffer>();
  readonly #server: Server;

  private constructor() {
    this.#server = createServer(async ({ method, url = "" }, response) => {
      const path = url.split("?")[0] ?? "";
      if (method === "PUT") this.#objects.set(path, await buffer(response.req));
      if (method === "DELETE") this.#objects.delete(path);
      const object = this.#objects.get(path);
      const status = method === "DELETE" ? 204 : object ? 200 : 404;
      const body = method === "GET" ? object : undefined;
      // Whoever reads an object relies on its length.
      if (body) response.setHeader("content-length", body.length);
      response.writeHead(status, { "content-type": object ? "image/webp" : "application/xml" });
      response.end(body);
    });
  }

  static async start(): Promise<ObjectStore> {
    const store = new ObjectStore();
    store.#server.listen(0, "127.0.0.1");
    await once(store.#server, "listening");
    return store;
  }

  get port(): number {
    return (this.#server.address() as { port: number }).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Puts an object there, by its path: bucket and key. */
  put(path: string, data: Buffer): void {
    this.#objects.set(path, data);
  }

  /** What is stored, by path. */
  get objects(): ReadonlyMap<string, Buffer> {
    return this.#objects;
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}
