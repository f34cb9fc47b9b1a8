import type { FastifyInstance, FastifyRequest } from "fastify";
import { answerUnreadable } from "./client-error.ts";
import { Refused } from "./errors.ts";
import { BODIES } from "./limits.ts";

/**
 * Ends a request whose body does not come in time, and lets no client send many at once: the load balancer passes
 * bodies on as they come, and a few hundred that never end would take every connection from everybody else. (Node's own
 * limit for a whole request cannot be shorter than that for its headers: it would take each for the other.)
 */
export function limitSlowBodies(app: FastifyInstance): void {
  const arriving = new Map<string, number>();

  app.addHook("onRequest", (request, reply, done) => {
    if (!hasBody(request)) return done();
    const { raw, ip } = request;
    const { kind, timeout, most } = request.routeOptions.config?.bodies ?? BODIES;
    const sender = `${kind} ${ip}`;
    const others = arriving.get(sender) ?? 0;
    if (others >= most) {
      throw new Refused(
        429,
        "Too many requests from your address are being sent at once. Try again in a moment.",
      );
    }
    arriving.set(sender, others + 1);
    const timer = setTimeout(() => {
      // Made when it is needed: an error takes the time of looking through the stack.
      const late = Object.assign(new Error("late"), { code: "ERR_HTTP_REQUEST_TIMEOUT" });
      if (reply.raw.headersSent) raw.destroy();
      else answerUnreadable(late, raw.socket);
    }, timeout).unref();

    let arrived = false;
    const end = () => {
      if (arrived) return;
      arrived = true;
      clearTimeout(timer);
      raw.socket.off("close", end);
      const left = (arriving.get(sender) ?? 1) - 1;
      if (left > 0) arriving.set(sender, left);
      else arriving.delete(sender);
    };
    raw.once("end", end);
    raw.once("close", end);
    // Of a request that was answered before its body had come Node tells no end when the connection goes.
    raw.socket.once("close", end);
    done();
  });
}

function hasBody({ headers }: FastifyRequest): boolean {
  const length = headers["content-length"];
  return headers["transfer-encoding"] !== undefined || (length !== undefined && length !== "0");
}
