import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Eta } from "eta/core";
import type { FastifyReply } from "fastify";
import type { Assets } from "./assets.ts";
import { takeNotice } from "./notice.ts";

const FOLDER = join(import.meta.dirname, "../views");

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

/**
 * The HTML pages: templates in views/, in which every value is escaped. They name each other by their paths there after
 * an @: templates that Eta has to find in files would be looked for with each page.
 */
export class Views {
  readonly #eta = new Eta();
  readonly #assets: Assets;

  /** @throws EtaError for a template with a mistake in it */
  constructor(assets: Assets) {
    this.#assets = assets;
    for (const path of globSync("**/*.eta", { cwd: FOLDER })) {
      this.#eta.loadTemplate(`@${path.replace(/\.eta$/, "")}`, readFileSync(join(FOLDER, path), "utf8"));
    }
  }

  /** Sends the page; its status is the reply's. */
  send(reply: FastifyReply, view: View, page: Page & Readonly<Record<string, unknown>>): FastifyReply {
    const shared = { assets: this.#assets.base, notice: takeNotice(reply), utc };
    return reply
      .type("text/html; charset=utf-8")
      .header("cache-control", "no-store")
      .header("content-security-policy", CONTENT_SECURITY_POLICY)
      .send(this.#eta.render(`@${view}`, { ...shared, ...page }));
  }
}

/** A time as it reads without JavaScript, with which it is the reader's own. */
function utc(time: string): string {
  return `${time.slice(0, 16).replace("T", " ")} UTC`;
}
