import { join } from "node:path";
import { Eta } from "eta";
import type { FastifyReply } from "fastify";

/** Forms go to this app only, nothing is loaded from elsewhere, nobody frames the page. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** The HTML pages: templates in views/, in which every value is escaped. */
export class Views {
  readonly #eta = new Eta({ views: join(import.meta.dirname, "../views"), cache: true });

  /** Sends the page; its status is the reply's. */
  send(reply: FastifyReply, view: "entries" | "edit" | "message", data: object): FastifyReply {
    return reply
      .type("text/html; charset=utf-8")
      .header("cache-control", "no-store")
      .header("content-security-policy", CONTENT_SECURITY_POLICY)
      .header("referrer-policy", "same-origin")
      .send(this.#eta.render(view, data));
  }
}
