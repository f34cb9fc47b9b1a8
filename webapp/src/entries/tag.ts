import { createHash } from "node:crypto";
import type { Entry } from "./entry.ts";

/** The entity tag of an entry (RFC 9110): another one after every change. */
export function tagOf({ id, text, updatedAt }: Entry): string {
  const digest = createHash("sha256").update(JSON.stringify([id, text, updatedAt]));
  return `"${digest.digest("base64url").slice(0, 22)}"`;
}

/** Whether a tag is among those of an If-Match or If-None-Match header; `*` is any. */
export function matches(header: string, tag: string): boolean {
  return header.split(",").some((item) => ["*", tag].includes(item.trim().replace(/^W\//, "")));
}
