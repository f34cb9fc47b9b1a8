const LINE = /^([A-Z][A-Z0-9_]*)=([A-Za-z0-9_./:@%+,=~-]*)$/;

/**
 * Checks the user data of an instance: lines `KEY=value`, blank ones between them allowed. A value has only
 * characters that mean the same to systemd, a shell and Node, so nothing needs quotes.
 * @returns the text of the environment file.
 * @throws Error that names the first unusable line by its number, without quoting it.
 */
export function toEnvironmentFile(userData: string): string {
  const values = new Map<string, string>();
  for (const [index, line] of userData.split(/\r?\n/).entries()) {
    if (line.trim() === "") continue;
    const [, key, value] = LINE.exec(line) ?? [];
    if (key === undefined || value === undefined) {
      throw new Error(
        `user data: line ${index + 1} is not KEY=value; use A-Z 0-9 _ = and no spaces or quotes`,
      );
    }
    if (values.has(key)) throw new Error(`user data: line ${index + 1} sets ${key} again; set it once`);
    values.set(key, value);
  }
  if (values.size === 0) throw new Error("user data: no KEY=value line; give the launch template user data");
  return [...values].map(([key, value]) => `${key}=${value}\n`).join("");
}
