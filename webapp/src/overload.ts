import type { FastifyInstance } from "fastify";
import { Overloaded } from "./errors.ts";

/**
 * Turns requests away while as many as `most` are in progress: when the database is slow they would only wait for each
 * other, and the last of them longer than anybody does. It counts requests and not time, so that an app on a slow
 * machine is not taken for one that has too much to do; and only those that have arrived whole, so that clients that are
 * slow on purpose do not count.
 */
export function limitRequests(app: FastifyInstance, most: number): void {
  let inProgress = 0;
  app.addHook("preValidation", (_request, reply, done) => {
    if (inProgress >= most) throw new Overloaded();
    inProgress++;
    reply.raw.once("close", () => inProgress--);
    done();
  });
}
