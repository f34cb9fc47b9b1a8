/** Words that MySQL reserves and people are tempted by; RDS refuses them as names. */
const reservedNames = [
  "admin",
  "database",
  "index",
  "key",
  "mysql",
  "rdsadmin",
  "root",
  "schema",
  "table",
  "user",
];

/** A string that fits the pattern. */
export function matches(pattern: RegExp): (value: unknown) => boolean {
  return (value) => typeof value === "string" && pattern.test(value);
}

/** A whole number from `minimum` to `maximum`. */
export function whole(minimum: number, maximum: number): (value: unknown) => boolean {
  return (value) => Number.isSafeInteger(value) && Number(value) >= minimum && Number(value) <= maximum;
}

/** Lower case from a letter on, no double or final hyphen: what S3, ELB and RDS all take in a name. */
export function name(minimum: number, maximum: number): (value: unknown) => boolean {
  return (value) =>
    matches(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/)(value) &&
    String(value).length >= minimum &&
    String(value).length <= maximum;
}

/** `true` or `false`. */
export function isBoolean(value: unknown): boolean {
  return typeof value === "boolean";
}

/** Two or three different letters. */
export function isZones(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    (value.length === 2 || value.length === 3) &&
    value.every(matches(/^[a-z]$/)) &&
    new Set(value).size === value.length
  );
}

/** A name RDS for MySQL takes, up to `maximum` characters. */
export function isDatabaseWord(maximum: number): (value: unknown) => boolean {
  return (value) =>
    matches(/^[A-Za-z][A-Za-z0-9_]*$/)(value) &&
    String(value).length <= maximum &&
    !reservedNames.includes(String(value).toLowerCase());
}
