import type { FastifyError } from "fastify";
import { DatabaseUnavailable } from "./database/unavailable.ts";

/** What was asked for does not exist; the message may be shown. */
export class NotFound extends Error {
  override readonly name = "NotFound";
  readonly statusCode = 404;
}

/** An error as a client may see it. */
export interface PublicError {
  readonly statusCode: number;
  readonly error: string;
  readonly message: string;
}

/** Turns any error into what a client may see: nothing of a server error but that there is one. */
export function publicError(error: FastifyError | Error): PublicError {
  if (error instanceof DatabaseUnavailable) {
    const message = "The database does not answer just now. Nothing was changed; try again in a moment.";
    return { statusCode: 503, error: "Service Unavailable", message };
  }
  const statusCode = "statusCode" in error ? (error.statusCode ?? 500) : 500;
  if (statusCode < 400 || statusCode >= 500) {
    const message = "Something went wrong on our side. It was logged.";
    return { statusCode: 500, error: "Internal Server Error", message };
  }
  const name = statusCode === 404 ? "Not Found" : "Bad Request";
  return { statusCode, error: name, message: error.message };
}
