import { STATUS_CODES } from "node:http";
import type { FastifyError } from "fastify";
import { Type } from "typebox";
import { DatabaseUnavailable } from "./database/unavailable.ts";

/** What was asked for does not exist; the message may be shown. */
export class NotFound extends Error {
  override readonly name = "NotFound";
  readonly statusCode = 404;
}

/** Somebody changed it since the client read it; the message may be shown. */
export class Outdated extends Error {
  override readonly name = "Outdated";
  readonly statusCode = 412;
}

/** The request comes from a page of another site; the message may be shown. */
export class Forbidden extends Error {
  override readonly name = "Forbidden";
  readonly statusCode = 403;
}

/** What was sent is larger than what is taken; the message may be shown. */
export class TooLarge extends Error {
  override readonly name = "TooLarge";
  readonly statusCode = 413;
}

/** What was sent is no picture that can be read; the message may be shown. */
export class NotAPicture extends Error {
  override readonly name = "NotAPicture";
  readonly statusCode = 415;
}

/** The store of the photos does not answer just now; it may be there again in a moment. */
export class PhotosUnavailable extends Error {
  override readonly name = "PhotosUnavailable";
  readonly statusCode = 503;

  constructor(cause: unknown) {
    super("The photos cannot be reached just now. Nothing was changed; try again in a moment.", { cause });
  }
}

/** A request that cannot be taken as it is, whatever is stored; the message may be shown. */
export class Refused extends Error {
  override readonly name = "Refused";
  readonly statusCode: 400 | 405 | 415 | 429;

  constructor(statusCode: Refused["statusCode"], message: string) {
    super(message);
    this.statusCode = statusCode;
  }
}

/** More is asked than can be answered in time: better refused at once than queued. */
export class Overloaded extends Error {
  override readonly name = "Overloaded";
  readonly statusCode = 503;
  override readonly message =
    "Too much is asked of this app just now. Nothing was changed; try again in a moment.";
}

/** An error as a client may see it, in the words of RFC 9457 ("problem details"). */
export const Problem = Type.Object({
  type: Type.Literal("about:blank"),
  /** The status in words. */
  title: Type.String(),
  status: Type.Integer(),
  /** What is wrong with this request, for a person. */
  detail: Type.String(),
});
export interface Problem {
  readonly type: "about:blank";
  readonly title: string;
  readonly status: number;
  readonly detail: string;
}

/** The media type of a problem. */
export const PROBLEM_TYPE = "application/problem+json; charset=utf-8";

const failure = {
  description: "What is wrong",
  content: { "application/problem+json": { schema: Problem } },
};

/** What each route of the API may answer besides what it is there for. */
export const FAILURES = { "4xx": failure, "5xx": failure };

/** A problem of this status, told in one or two sentences. */
export function problem(status: number, detail: string): Problem {
  return { type: "about:blank", title: STATUS_CODES[status] ?? "Error", status, detail };
}

/** Turns any error into what a client may see: nothing of a server error but that there is one. */
export function problemOf(error: FastifyError | Error): Problem {
  if (error instanceof DatabaseUnavailable) {
    return problem(503, "The database does not answer just now. Nothing was changed; try again in a moment.");
  }
  if (error instanceof Overloaded || error instanceof PhotosUnavailable) return problem(503, error.message);
  const status = "statusCode" in error ? (error.statusCode ?? 500) : 500;
  if (status < 400 || status >= 500) {
    return problem(500, "Something went wrong on our side. It was logged.");
  }
  return problem(status, error.message);
}
