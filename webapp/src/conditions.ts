import type { FastifyReply } from "fastify";
import { Type } from "typebox";
import { matches, tagOf } from "./tag.ts";

/** Headers by which a client says what it takes the thing it changes for. */
export const Conditions = Type.Object({
  "if-match": Type.Optional(Type.String({ description: "Tags that an earlier answer had in ETag, or *" })),
});

/** Whether something is what an If-Match header takes it for; undefined without the header. */
export function expectation(tags: string | undefined): ((stored: object) => boolean) | undefined {
  return tags === undefined ? undefined : (stored) => matches(tags, tagOf(stored));
}

/** Sets the tag of what is answered. */
export function tagged(reply: FastifyReply, stored: object): FastifyReply {
  return reply.header("etag", tagOf(stored));
}

/** Whether an If-None-Match header says that the client has this already. */
export function isKnown(tags: string | undefined, stored: object): boolean {
  return tags !== undefined && matches(tags, tagOf(stored));
}
