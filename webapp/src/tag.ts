import { hash } from "node:crypto";

/** The entity tag (RFC 9110) of something that is stored: another one after every change. */
export function tagOf(stored: object): string {
  return `"${hash("sha256", JSON.stringify(stored), "base64url").slice(0, 22)}"`;
}

/** Whether a tag is among those of an If-Match or If-None-Match header; `*` is any. */
export function matches(header: string, tag: string): boolean {
  return header.split(",").some((item) => ["*", tag].includes(item.trim().replace(/^W\//, "")));
}
