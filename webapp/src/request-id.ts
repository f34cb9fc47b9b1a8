import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";

/** The load balancer's mark on a request: version, time and 96 random bits. Nothing else gets into a log line. */
const ROOT = /(?:^|;)\s*Root=(1-[0-9a-f]{8}-[0-9a-f]{24})\s*(?:;|$)/;

/** What a request is called in the log and in X-Request-Id: its trace id where the load balancer gave one, else a new one. */
export function requestId({ headers }: Pick<IncomingMessage, "headers">): string {
  const trace = headers["x-amzn-trace-id"];
  return (typeof trace === "string" && ROOT.exec(trace)?.[1]) || randomUUID();
}
