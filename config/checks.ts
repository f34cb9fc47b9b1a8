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

/** Labels with dots between them, at least two. */
export function isDomainName(value: unknown): boolean {
  return matches(/^(?!.{254})([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/)(value);
}

/** One or more IPv4 blocks, none wider than `/widest`. */
export function areBlocks(widest: number): (value: unknown) => boolean {
  const octet = "(25[0-5]|2[0-4]\\d|1?\\d?\\d)";
  const block = new RegExp(`^${octet}(\\.${octet}){3}/(\\d|[12]\\d|3[0-2])$`);
  return (value) =>
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((each) => matches(block)(each) && Number(String(each).split("/")[1]) >= widest);
}

/** One or more ARNs of IAM policies, and none that allows everything. */
export function arePolicyArns(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every(
      matches(
        /^arn:aws[a-z-]*:iam::(aws|\d{12}):policy\/(?!AdministratorAccess$)(?!.*FullAccess$)[\w+=,.@/-]+$/,
      ),
    )
  );
}

/** Rules of a listener that AWS takes: a priority each, a condition or more, one answer. */
export function areListenerRules(value: unknown): boolean {
  if (!Array.isArray(value) || !value.every(isListenerRule)) return false;
  return new Set(value.map(({ priority }) => priority)).size === value.length;
}

function isListenerRule(rule: Record<string, unknown> | null): boolean {
  const { priority, paths = [], hosts = [], answer } = rule ?? {};
  if (!Array.isArray(paths) || !Array.isArray(hosts)) return false;
  const conditions = [...paths, ...hosts];
  return (
    whole(1, 50_000)(priority) &&
    conditions.length >= 1 &&
    conditions.length <= 5 &&
    conditions.every(matches(/^[\x21-\x7e]{1,128}$/)) &&
    isAnswer(answer)
  );
}

function isAnswer(answer: unknown): boolean {
  if (typeof answer !== "object" || answer === null) return false;
  if ("redirectTo" in answer) return typeof answer.redirectTo === "object";
  return (
    "status" in answer &&
    whole(200, 599)(answer.status) &&
    "body" in answer &&
    matches(/^[\s\S]{0,1024}$/)(answer.body)
  );
}
