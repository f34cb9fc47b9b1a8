import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import type { HealthCheck } from "../world.ts";
import { matches, type Outcome } from "./health.ts";

/** Where a target really listens. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** One health check of one target, on a connection of its own. Never rejects. */
export function probe(address: Address | undefined, check: HealthCheck): Promise<Outcome> {
  if (address === undefined) return Promise.resolve({ kind: "failed" });
  return new Promise((resolve) => {
    const request = check.protocol === "HTTPS" ? httpsRequest : httpRequest;
    const outgoing = request(
      {
        ...address,
        path: check.path,
        agent: false,
        // As AWS: a target's certificate is not verified.
        rejectUnauthorized: false,
        headers: { "User-Agent": "ELB-HealthChecker/2.0", Connection: "close" },
      },
      (incoming) => {
        const status = incoming.statusCode ?? 0;
        resolve(matches(check.matcher, status) ? { kind: "passed" } : { kind: "mismatch", status });
        clearTimeout(timer);
        outgoing.destroy();
      },
    );
    const timer = setTimeout(() => {
      resolve({ kind: "timeout" });
      outgoing.destroy();
    }, check.timeoutSeconds * 1_000);
    outgoing.on("error", () => {
      clearTimeout(timer);
      resolve({ kind: "failed" });
    });
    outgoing.end();
  });
}
