import type { FastifyInstance, FastifyRequest } from "fastify";
import { answerUnreadable } from "./client-error.ts";
import { Refused } from "./errors.ts";
import { BODY_TIMEOUT, MOST_BODIES } from "./limits.ts";

/**
 * Ends a request whose body does not come in time, and lets no client send many at once: the load balancer passes
 * bodies on as they come, and a few hundred that never end would take every connection from everybody else. (Node's own
 * limit for a whole request cannot be shorter than that for its headers: it would take each for the other.)
 */
export function limitSlowBodies(app: FastifyInstance): void {
  const arriving = new Map<string, number>();

  app.addHook("onRequest", async (request, reply) => {
    if (!hasBody(request)) return;
    const { raw, ip } = request;
    const others = arriving.get(ip) ?? 0;
    if (others >= MOST_BODIES) {
      throw new Refused(
        429,
        "Too many requests from your address are being sent at once. Try again in a moment.",
      );
    }
    arriving.set(ip, others + 1);
    const late = Object.assign(new Error("late"), { code: "ERR_HTTP_REQUEST_TIMEOUT" });
    const timer = setTimeout(() => {
      if (reply.raw.headersSent) raw.destroy();
      else answerUnreadable(late, raw.socket);
    }, BODY_TIMEOUT).unref();

    let arrived = false;
    const end = () => {
      if (arrived) return;
      arrived = true;
      clearTimeout(timer);
      const left = (arriving.get(ip) ?? 1) - 1;
      if (left > 0) arriving.set(ip, left);
      else arriving.delete(ip);
    };
    raw.once("end", end);
    raw.once("close", end);
  });
}

function hasBody({ headers }: FastifyRequest): boolean {
  const length = headers["content-length"];
  return headers["transfer-encoding"] !== undefined || (length !== undefined && length !== "0");
}
