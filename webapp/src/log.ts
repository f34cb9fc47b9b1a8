/**
 * What the log may say of an error: class, code and stack. The text of a database error can quote what a user
 * wrote, so of such an error only its code is kept.
 */
export function describeError(error: Error): { type: string; message: string; stack: string; code?: string } {
  const code = "code" in error && typeof error.code === "string" ? error.code : undefined;
  const message = "sqlState" in error ? (code ?? "database error") : error.message;
  const frames = error.stack?.split("\n").filter((line) => line.trimStart().startsWith("at ")) ?? [];
  const cause = error.cause instanceof Error ? `: ${describeError(error.cause).message}` : "";
  return {
    type: error.name,
    message: message + cause,
    stack: frames.join("\n"),
    ...(code !== undefined && { code }),
  };
}

/** JSON lines to standard output, without addresses, headers or bodies of requests. */
export const LOGGER = {
  level: "info",
  base: null,
  formatters: { level: (label: string) => ({ level: label }) },
  timestamp: () => `,"time":"${new Date().toISOString()}"`,
  serializers: { err: describeError },
};
