import { createServer } from "node:http";
import type { PoolUse } from "./database/pool.ts";

/** Where metrics are answered: on this machine, and on no address that a load balancer could be told to use. */
const LOOPBACK = "127.0.0.1";

/** Upper ends of the durations' buckets, in seconds: a list takes some milliseconds, a query is given up after five seconds. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** One request that was answered. */
export interface Answered {
  readonly method: string;
  /** The pattern of its route; undefined for a path that is not there. */
  readonly route: string | undefined;
  readonly status: number;
  readonly milliseconds: number;
}

/** What is counted about the app. */
export interface Metrics {
  count(answered: Answered): void;
  /**
   * Answers `GET /metrics` on 127.0.0.1 in the format of Prometheus.
   * @throws the system's error, EADDRINUSE for one, if it cannot listen
   */
  listen(port: number): Promise<void>;
  close(): void;
}

/**
 * Counts requests and their durations by method, pattern of the route and class of the status, the use of the pools, and
 * what Node tells about the process. Loads the library for it: nobody who does not ask for metrics pays for them.
 * @param pools by their name
 */
export async function startMetrics(pools: Readonly<Record<string, PoolUse>>): Promise<Metrics> {
  const { collectDefaultMetrics, Gauge, Histogram, Registry } = await import("prom-client");
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const durations = new Histogram({
    name: "http_request_duration_seconds",
    help: "Time from the first line of a request to the end of its answer.",
    labelNames: ["method", "route", "status"] as const,
    buckets: BUCKETS,
    registers,
  });
  new Gauge({
    name: "database_pool_connections",
    help: "Connections in use, and requests that wait for one.",
    labelNames: ["pool", "state"] as const,
    registers,
    collect() {
      for (const [pool, { taken, waiting }] of Object.entries(pools)) {
        this.set({ pool, state: "taken" }, taken);
        this.set({ pool, state: "waiting" }, waiting);
      }
    },
  });

  const server = createServer((request, response) => {
    if (request.method !== "GET" || request.url !== "/metrics") return response.writeHead(404).end();
    registry.metrics().then(
      (text) => response.writeHead(200, { "content-type": registry.contentType }).end(text),
      () => response.writeHead(500).end(),
    );
  });
  // Metrics must not keep a process alive that has nothing else to do.
  server.unref();

  return {
    count: ({ method, route = "none", status, milliseconds }) =>
      durations.observe({ method, route, status: `${Math.floor(status / 100)}xx` }, milliseconds / 1000),
    listen: (port) =>
      new Promise((resolve, reject) => {
        server.once("error", reject);
        server.listen(port, LOOPBACK, resolve);
      }),
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
