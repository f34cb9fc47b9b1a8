import { join } from "node:path";
import { Eta } from "eta";
import type { FastifyReply } from "fastify";
import type { Assets } from "./assets.ts";
import { takeNotice } from "./notice.ts";

/** Everything comes from this app, forms go to it only, nobody frames the page. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  // A photo that was chosen is shown before it is sent.
  "img-src 'self' blob:",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** What every page says of itself. */
export interface Page {
  readonly title: string;
  /** The part of the app that it belongs to. */
  readonly section?: "entries" | "employees" | "status";
  /** Whether it is a page below the section's first one. Default false. */
  readonly inside?: boolean;
  /** Whether it is a form or a text, which reads better in a narrow column. Default false. */
  readonly narrow?: boolean;
  /** What is wrong with a form that was sent, by field, in words for its sender. */
  readonly problems?: Readonly<Record<string, string>> | undefined;
}

/** A template of views/. */
export type View = `${"entries" | "employees"}/${string}` | "status" | "message";

/** The HTML pages: templates in views/, in which every value is escaped. */
export class Views {
  readonly #eta = new Eta({ views: join(import.meta.dirname, "../views"), cache: true });
  readonly #assets: Assets;

  constructor(assets: Assets) {
    this.#assets = assets;
  }

  /** Sends the page; its status is the reply's. */
  send(reply: FastifyReply, view: View, page: Page & Readonly<Record<string, unknown>>): FastifyReply {
    const shared = { assets: this.#assets.base, notice: takeNotice(reply), utc };
    return reply
      .type("text/html; charset=utf-8")
      .header("cache-control", "no-store")
      .header("content-security-policy", CONTENT_SECURITY_POLICY)
      .send(this.#eta.render(`./${view}`, { ...shared, ...page }));
  }
}

/** A time as it reads without JavaScript, with which it is the reader's own. */
function utc(time: string): string {
  return `${time.slice(0, 16).replace("T", " ")} UTC`;
}
