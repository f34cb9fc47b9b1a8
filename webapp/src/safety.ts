import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { Forbidden } from "./errors.ts";

/** Whether a request may change something. Any page may link to one that may not. */
export function mayChange({ method }: Pick<FastifyRequest, "method">): boolean {
  return !["GET", "HEAD", "OPTIONS"].includes(method);
}

/** A year: once HTTPS was seen, a browser asks for nothing else. */
const STRICT_TRANSPORT = "max-age=31536000";

/** Tells browsers what not to do with any answer, and refuses changes that a page of another site asks for. */
export function protect(app: FastifyInstance): void {
  app.addHook("onRequest", (request, _reply, done) => {
    refuseStrangers(request);
    done();
  });
  app.addHook("onSend", (request, reply, _payload, done) => {
    tellBrowsers(request, reply);
    done();
  });
}

/** What every answer says: the name of its request, and what no browser may do with it. */
export function tellBrowsers(request: FastifyRequest, reply: FastifyReply): void {
  reply.header("x-request-id", request.id);
  reply.header("x-content-type-options", "nosniff");
  reply.header("x-frame-options", "DENY");
  reply.header("referrer-policy", "same-origin");
  reply.header("cross-origin-opener-policy", "same-origin");
  reply.header("cross-origin-resource-policy", "same-origin");
  if (request.protocol === "https") reply.header("strict-transport-security", STRICT_TRANSPORT);
}

/**
 * A browser says where a request comes from, by Sec-Fetch-Site or else by Origin. What says neither is no browser, and
 * nobody is signed in there whose rights could be used. So no token is needed in the forms.
 */
function refuseStrangers(request: FastifyRequest): void {
  if (!mayChange(request)) return;
  const { headers, host } = request;
  const site = headers["sec-fetch-site"];
  if (site === "same-origin" || site === "none") return;
  const { origin } = headers;
  if (site === undefined && (origin === undefined || hostOf(origin) === host)) return;
  throw new Forbidden(
    "This was sent by a page of another site. Nothing was changed; send it from this app's own pages.",
  );
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
