/** The database, or the secret that opens it, cannot be had just now; it may be there again in a moment. */
export class DatabaseUnavailable extends Error {
  override readonly name = "DatabaseUnavailable";

  constructor(cause: unknown) {
    super("the database does not answer", { cause });
  }
}

/** Codes of a server that is going down, failing over, or not yet migrated. */
const PASSING = new Set([
  "ER_SERVER_SHUTDOWN",
  "ER_QUERY_INTERRUPTED",
  "ER_OPTION_PREVENTS_STATEMENT",
  "ER_READ_ONLY_MODE",
  "ER_NO_SUCH_TABLE",
  "PROTOCOL_SEQUENCE_TIMEOUT",
]);

/** The error as the app knows it: DatabaseUnavailable if it will pass, else the error itself. */
export function classify(error: unknown): unknown {
  if (error instanceof DatabaseUnavailable || !(error instanceof Error)) return error;
  const fatal = "fatal" in error && error.fatal === true;
  const passing = "code" in error && PASSING.has(String(error.code));
  return fatal || passing ? new DatabaseUnavailable(error) : error;
}
