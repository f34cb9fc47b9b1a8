import type { FastifyInstance, FastifyRequest } from "fastify";
import { mayChange } from "./safety.ts";

/** How long, in seconds, whoever has written reads from the primary: a replica is rarely further behind. */
const FRESH_SECONDS = 5;

const COOKIE = `wrote=1; Max-Age=${FRESH_SECONDS}; Path=/; HttpOnly; SameSite=Strict`;

/** Whether what is read must be the newest: for who has just written, and for who asks by `Cache-Control: no-cache`. */
export function wantsNewest({ headers }: FastifyRequest): boolean {
  const hasWritten = /(?:^|;\s*)wrote=1(?:;|$)/.test(headers.cookie ?? "");
  return hasWritten || /\bno-cache\b/i.test(headers["cache-control"] ?? "");
}

/** Lets browsers remember for a moment that their user has written. Whichever instance is asked next knows it so. */
export function rememberWriters(app: FastifyInstance): void {
  app.addHook("onSend", (request, reply, _payload, done) => {
    if (mayChange(request) && reply.statusCode < 400) reply.header("set-cookie", COOKIE);
    done();
  });
}
