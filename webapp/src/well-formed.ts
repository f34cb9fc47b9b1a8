import { isUtf8 } from "node:buffer";
import { parse as parseForm } from "node:querystring";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { Refused } from "./errors.ts";

/** Deepest nesting of a JSON body. No schema here goes deeper than three. */
const DEEPEST = 20;

/**
 * Lets in only text that is stored as it was sent: valid UTF-8 in URL and body, no NUL, no half of a surrogate pair.
 * Anything else would silently become another text on its way to the database and back. A body that is compressed or
 * in another charset is refused (415): nothing here could read it.
 */
export function acceptWellFormedOnly(app: FastifyInstance): void {
  app.addHook("onRequest", (request, _reply, done) => {
    refuseMalformedUrl(request.url);
    refuseEncodings(request);
    done();
  });
  app.removeContentTypeParser(["application/json", "text/plain"]);
  // A field that would change what every object has is left out, like any field that nobody knows.
  const parseJson = app.getDefaultJsonParser("remove", "remove");
  app.addContentTypeParser("application/json", { parseAs: "buffer" }, (request, body, done) => {
    let text: string;
    try {
      text = textOf(body as Buffer);
    } catch (error) {
      return done(error as Error);
    }
    parseJson(request, text, (error, value) => {
      if (error) return done(error);
      try {
        refuseMalformed(value);
      } catch (malformed) {
        return done(malformed as Error);
      }
      done(null, value);
    });
  });
  app.addContentTypeParser(
    "application/x-www-form-urlencoded",
    { parseAs: "buffer" },
    async (_request: FastifyRequest, body: Buffer) => {
      const text = textOf(body);
      refuseMalformedEscapes(text, "body");
      return { ...parseForm(text) };
    },
  );
}

function refuseMalformedUrl(url: string): void {
  if (url.includes("%")) refuseMalformedEscapes(url, "address");
}

/** @throws Refused for a `%` without two digits, for bytes that are no UTF-8, and for NUL */
function refuseMalformedEscapes(text: string, part: string): void {
  try {
    if (!decodeURIComponent(text).includes("\0")) return;
  } catch {
    throw new Refused(400, `The ${part} has a % that begins no character of UTF-8.`);
  }
  throw new Refused(400, `The ${part} has a NUL character in it.`);
}

function refuseEncodings({ headers }: FastifyRequest): void {
  const encoding = headers["content-encoding"];
  if (encoding !== undefined && encoding !== "identity") {
    throw new Refused(415, "The body is compressed. Send it as it is, without Content-Encoding.");
  }
  const charset = /;\s*charset="?([^";\s]*)/i.exec(headers["content-type"] ?? "")?.[1];
  if (charset !== undefined && !/^utf-?8$/i.test(charset)) {
    throw new Refused(415, "The body is in another charset than UTF-8. Send it as UTF-8.");
  }
}

function textOf(body: Buffer): string {
  if (!isUtf8(body)) throw new Refused(400, "The body is not valid UTF-8.");
  return body.toString();
}

/** @throws Refused for what is nested too deep and for text, names included, that the database would not give back */
function refuseMalformed(value: unknown, depth = 0): void {
  if (typeof value === "string") {
    if (value.includes("\0")) throw new Refused(400, "The body has a NUL character in it.");
    if (!value.isWellFormed()) throw new Refused(400, "The body has half of a surrogate pair in it.");
  } else if (typeof value === "object" && value !== null) {
    if (depth === DEEPEST) throw new Refused(400, `The body is nested deeper than ${DEEPEST} levels.`);
    for (const [name, inner] of Object.entries(value)) {
      refuseMalformed(name, depth);
      refuseMalformed(inner, depth + 1);
    }
  }
}
