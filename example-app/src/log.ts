/** One JSON line on standard output. */
export function log(level: "info" | "warn" | "error", msg: string, facts: object = {}): void {
  process.stdout.write(`${JSON.stringify({ level, time: new Date().toISOString(), msg, ...facts })}\n`);
}

/** What may be said of an error: a database quotes in its messages what somebody wrote. */
export function reasonOf(error: unknown): string {
  const { code, name } = error as { code?: string; name?: string };
  return code ?? name ?? "unknown";
}
