/**
 * Something that the user can act on: its message is one line that says what is wrong, with which value, and
 * what to do. It ends the command with exit code 1 and no stack trace.
 */
export class Failure extends Error {
  readonly exitCode: number = 1;
}

/** The command itself, its arguments or the configuration are wrong: exit code 2. */
export class UsageError extends Failure {
  override readonly exitCode = 2;
}

/** The user stopped the command (Ctrl-C, SIGTERM, or "no" to a question): exit code 1. */
export class Cancelled extends Failure {}
