import rateLimit from "@fastify/rate-limit";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { Refused } from "./errors.ts";
import { mayChange } from "./safety.ts";

/** Over how long requests are counted, in milliseconds: whoever was too fast waits no longer than that. */
const WINDOW = 10_000;

/** Of those, so many may change something: 50 a second. No office types faster, and each costs the database a commit. */
const SHARE_OF_WRITES = 0.1;

/**
 * Answers 429 with `Retry-After` to a client that asks too fast, and tells every client by `RateLimit-*` what it has
 * left. It counts in memory: each process by itself, and the 5000 latest clients. Only routes that are added after it
 * count; paths that are not there cost nothing and do not.
 * @param most requests in ten seconds; 0: no limit
 */
export async function limitClients(app: FastifyInstance, most: number): Promise<void> {
  if (most === 0) return;
  const writes = Math.ceil(most * SHARE_OF_WRITES);
  await app.register(rateLimit, {
    timeWindow: WINDOW,
    max: (request: FastifyRequest) => (mayChange(request) ? writes : most),
    keyGenerator: (request) => `${mayChange(request) ? "writes" : "reads"} ${request.ip}`,
    enableDraftSpec: true,
    errorResponseBuilder: (_request, { ttl }) => {
      const seconds = Math.ceil(ttl / 1000);
      return new Refused(
        429,
        `Too many requests come from your address. Nothing was changed; try again in ${seconds} s.`,
      );
    },
  });
}
