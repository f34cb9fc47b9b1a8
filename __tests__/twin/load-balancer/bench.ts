import { createServer, type IncomingMessage, type RequestListener, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { LoadBalancers } from "../../../twin/load-balancer/load-balancers.ts";
import { listen } from "../../../twin/ports.ts";
import type { World } from "../../../twin/world.ts";
import { eventually } from "../eventually.ts";

/** What came back. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** Load balancers over real targets on loopback, for one test. */
export class Bench {
  readonly balancers: LoadBalancers;
  readonly servers = new Map<string, Server>();

  constructor() {
    this.balancers = new LoadBalancers({
      portBase: 20_000,
      resolve: (id) => {
        const address = this.servers.get(id)?.address() as AddressInfo | null | undefined;
        return address ? { host: "127.0.0.1", port: address.port } : undefined;
      },
      secureContext: () => Promise.reject(new Error("no TLS in this test")),
      certificate: () => Promise.reject(new Error("no TLS in this test")),
      log: () => {},
    });
  }

  /** A target that passes its health checks and answers everything else by `answer`. */
  async target(id: string, answer: RequestListener, healthStatus = 200): Promise<Server> {
    const server = createServer((incoming, response) => {
      if (incoming.url === "/healthz") response.writeHead(healthStatus).end();
      else answer(incoming, response);
    });
    await listen(server, 0);
    this.servers.set(id, server);
    return server;
  }

  /** Follows the world until `settled`. */
  async show(world: World, settled: () => boolean = () => true): Promise<void> {
    await eventually("the load balancer to settle", () => {
      this.balancers.reconcile(world);
      return this.balancers.status().length === world.listeners.length && settled();
    });
  }

  /** The state of a target in the group "tg". */
  state(id: string): string | undefined {
    return this.balancers
      .health()
      .get("tg")
      ?.find((target) => target.id === id)?.state;
  }

  get port(): number {
    return Number(new URL(this.balancers.status()[0]?.url ?? "http://x:0").port);
  }

  ask(
    path = "/",
    options: { method?: string; headers?: Record<string, string | string[]>; body?: string } = {},
  ): Promise<Answer> {
    const { method = "GET", headers = {}, body } = options;
    return new Promise((resolve, reject) => {
      const outgoing = request(
        { host: "127.0.0.1", port: this.port, path, method, headers, agent: false },
        (incoming) => {
          let text = "";
          incoming.setEncoding("utf8").on("data", (chunk: string) => {
            text += chunk;
          });
          incoming.on("end", () =>
            resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: text }),
          );
          incoming.on("error", reject);
        },
      );
      outgoing.on("error", reject);
      outgoing.end(body);
    });
  }

  close(): void {
    this.balancers.close();
    for (const server of this.servers.values()) {
      server.close();
      server.closeAllConnections();
    }
  }
}
