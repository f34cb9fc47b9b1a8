/**
 * The variables of an environment file as systemd reads it: `KEY=value` lines, comments and empty lines
 * skipped, one pair of quotes around a value removed.
 */
export function parseEnvironmentFile(text: string): Record<string, string> {
  const lines = text.split("\n").filter((line) => !/^\s*([#;]|$)/.test(line));
  return Object.fromEntries(
    lines.flatMap((line) => {
      const [, key, value = ""] = /^\s*([A-Za-z_][A-Za-z0-9_]*)=(.*)$/.exec(line) ?? [];
      if (key === undefined) return [];
      const trimmed = value.trim();
      return [[key, /^(["']).*\1$/.test(trimmed) ? trimmed.slice(1, -1) : trimmed]];
    }),
  );
}
