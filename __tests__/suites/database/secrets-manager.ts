import { once } from "node:events";
import { createServer, type Server } from "node:http";

/** Secrets Manager with one secret, which counts how often it is read. */
export class SecretsManager {
  secret: { username: string; password: string };
  reads = 0;
  readonly #server: Server;

  private constructor(secret: { username: string; password: string }) {
    this.secret = secret;
    this.#server = createServer((request, response) => {
      request.resume().on("end", () => {
        const known = request.headers["x-amz-target"] === "secretsmanager.GetSecretValue";
        if (known) this.reads++;
        response.writeHead(known ? 200 : 400, { "content-type": "application/x-amz-json-1.1" });
        response.end(JSON.stringify(known ? { SecretString: JSON.stringify(this.secret) } : {}));
      });
    });
  }

  static async start(secret: { username: string; password: string }): Promise<SecretsManager> {
    const manager = new SecretsManager(secret);
    manager.#server.listen(0, "127.0.0.1");
    await once(manager.#server, "listening");
    return manager;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as { port: number }).port}`;
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}
