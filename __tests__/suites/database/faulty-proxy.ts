import { once } from "node:events";
import { createServer, type IncomingMessage, request, type Server } from "node:http";

/** What becomes of a request: it is passed on, answered by this status, or never answered. */
export type Fate = "pass" | "silence" | number;

/** A proxy before the AWS API that lets a test decide what becomes of each request. */
export class FaultyProxy {
  /** Decides; by default everything passes. */
  fate: (request: IncomingMessage) => Fate = () => "pass";
  /** Method and path of each request. */
  readonly seen: string[] = [];
  readonly #server: Server;

  private constructor(target: number) {
    this.#server = createServer((incoming, outgoing) => {
      this.seen.push(`${incoming.method} ${incoming.url?.split("?")[0]}`);
      const fate = this.fate(incoming);
      if (fate === "silence") return void incoming.resume();
      if (typeof fate === "number") {
        incoming.resume();
        outgoing.writeHead(fate, { "content-type": "application/xml" });
        return void outgoing.end(fate === 403 ? "<Error><Code>AccessDenied</Code></Error>" : "");
      }
      const { method, url, headers } = incoming;
      const passed = request({ host: "127.0.0.1", port: target, method, path: url, headers }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      });
      passed.on("error", () => outgoing.destroy());
      incoming.pipe(passed);
    });
  }

  static async start(target: number): Promise<FaultyProxy> {
    const proxy = new FaultyProxy(target);
    proxy.#server.listen(0, "127.0.0.1");
    await once(proxy.#server, "listening");
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as { port: number }).port}`;
  }

  /** Lets everything pass again, and forgets what it saw. */
  reset(): void {
    this.fate = () => "pass";
    this.seen.length = 0;
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}
