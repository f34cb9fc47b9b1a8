import { createHash } from "node:crypto";
import type { FastifyInstance, FastifyRequest } from "fastify";

/** How long after its answer, in milliseconds, a form that comes again is the same: nobody types that fast. */
const SAME_FORM = 2000;

/**
 * Takes a form that a browser sends twice (a double click, an impatient reload) for one: the second waits for the first
 * and is led to where that led, without being served. Only a form that led somewhere counts: one that was refused may be
 * sent again. It remembers in memory: two processes behind a load balancer do not know of each other.
 */
export function foldDoubleSubmits(app: FastifyInstance): void {
  const submits = new Map<string, Promise<string | undefined>>();
  const answered = new WeakMap<FastifyRequest, (location: string | undefined) => void>();

  app.addHook("preHandler", async (request, reply) => {
    if (!request.headers["content-type"]?.startsWith("application/x-www-form-urlencoded")) return;
    const form = digestOf(request);
    for (let first = submits.get(form); first !== undefined; first = submits.get(form)) {
      const location = await first;
      if (location !== undefined) return reply.redirect(location, 303);
    }
    const answer = new Promise<string | undefined>((resolve) => answered.set(request, resolve));
    submits.set(form, answer);
    answer.then((location) => {
      if (location === undefined) submits.delete(form);
      else setTimeout(() => submits.delete(form), SAME_FORM).unref();
    });
  });

  // Not when the answer has gone out: a browser that is clicked twice no longer waits for the first.
  app.addHook("onSend", (request, reply, _payload, done) => {
    answered.get(request)?.(reply.statusCode === 303 ? String(reply.getHeader("location")) : undefined);
    done();
  });
}

function digestOf({ ip, headers, url, body }: FastifyRequest): string {
  const parts = [ip, headers["user-agent"], url, body];
  return createHash("sha256").update(JSON.stringify(parts)).digest("base64");
}
