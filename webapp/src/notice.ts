import type { FastifyReply } from "fastify";

/** What a page tells once of what its user has just done. Fixed words: nothing that somebody wrote. */
const NOTICES = {
  "entry-added": "The entry was added.",
  "entry-saved": "The entry was saved.",
  "entry-deleted": "The entry was deleted.",
  "employee-added": "The employee was added.",
  "employee-saved": "The employee was saved.",
  "employee-deleted": "The employee was deleted.",
  "photo-saved": "The photo was saved.",
  "photo-removed": "The photo was removed.",
} as const;

/** The name of something that a page tells once. */
export type Notice = keyof typeof NOTICES;

const ATTRIBUTES = "Path=/; HttpOnly; SameSite=Strict";

/** Lets the next page tell it, if that is asked for within half a minute. Whichever instance answers knows it so. */
export function notify(reply: FastifyReply, notice: Notice): FastifyReply {
  return reply.header("set-cookie", `notice=${notice}; Max-Age=30; ${ATTRIBUTES}`);
}

/** What this page is to tell, and then no other. */
export function takeNotice(reply: FastifyReply): string | undefined {
  const name = /(?:^|;\s*)notice=([a-z-]+)(?:;|$)/.exec(reply.request.headers.cookie ?? "")?.[1];
  if (name === undefined || !Object.hasOwn(NOTICES, name)) return undefined;
  reply.header("set-cookie", `notice=; Max-Age=0; ${ATTRIBUTES}`);
  return NOTICES[name as Notice];
}
