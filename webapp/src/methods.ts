import type { FastifyInstance } from "fastify";
import { Refused } from "./errors.ts";

/**
 * Answers 405, with what is allowed, for a method that a path does not have; a path that is not there is 404 as ever.
 * To be called before the routes; what it returns, after them.
 */
export function refuseOtherMethods(app: FastifyInstance): () => void {
  const urls = new Set<string>();
  app.addHook("onRoute", ({ url }) => void urls.add(url));

  return () => {
    for (const url of [...urls]) {
      const isThere = (method: string) => app.hasRoute({ url, method: method as "GET" });
      const allow = app.supportedMethods.filter(isThere).sort().join(", ");
      app.route({
        method: app.supportedMethods.filter((method) => !isThere(method)),
        url: url.slice(app.prefix.length),
        schema: { hide: true } as object,
        onRequest: async ({ method }, reply) => {
          reply.header("allow", allow);
          throw new Refused(405, `${method} is not among what can be done here: ${allow}.`);
        },
        handler: () => {},
      });
    }
  };
}
