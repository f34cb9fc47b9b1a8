import type { Environment } from "./environment.ts";
import type { FieldReader, Rule } from "./rules/rule.ts";
import { rules } from "./rules/rules.ts";

/** One thing that is wrong with an environment. */
export interface Problem {
  /** Where, for example `database.name`. */
  readonly path: string;
  /** The value found there. */
  readonly got: unknown;
  /** A value that would do. */
  readonly fix: string;
  /** The whole line: `dev: <path> must <rule>, got <value>; use <fix>`. */
  readonly message: string;
}

/** All problems of an environment at once; none means that it can be synthesized. Never throws. */
export function validate(environment: Environment): Problem[] {
  const at: FieldReader = (path) => valueAt(environment, path);
  const name = nameOf(environment);
  const broken = rules
    .filter((rule) => !passes(rule, at))
    .map(({ path, must, use, unless }) =>
      unless !== undefined && at(unless) !== undefined
        ? problem(name, path, `not be there beside ${unless}`, at(path), "nothing")
        : problem(name, path, must, at(path), typeof use === "string" ? use : use(at)),
    );
  return [...broken, ...unknownFields(environment).map((path) => unknownField(name, path, at(path)))];
}

/** The problem that the environment in `<file>.ts` calls itself something else, if it does. */
export function validateName(file: string, environment: Environment): Problem[] {
  const got = valueAt(environment, "name");
  return got === file ? [] : [problem(file, "name", "be the name of its file", got, JSON.stringify(file))];
}

function passes(rule: Rule, at: FieldReader): boolean {
  if (rule.section !== undefined && at(rule.section) === undefined) return true;
  const got = at(rule.path);
  if (rule.unless !== undefined && at(rule.unless) !== undefined) return got === undefined;
  return (got === undefined && rule.optional === true) || rule.test(got, at);
}

/** Fields no rule knows: a slip of the pen that the types would have shown, had they been asked. */
function unknownFields(value: unknown, prefix = ""): string[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [];
  return Object.entries(value).flatMap(([key, child]) => {
    const path = prefix + key;
    if (rules.some((rule) => rule.path.startsWith(`${path}.`))) return unknownFields(child, `${path}.`);
    return rules.some((rule) => rule.path === path) ? [] : [path];
  });
}

function unknownField(name: string, path: string, got: unknown): Problem {
  const section = path.slice(0, path.lastIndexOf(".") + 1);
  const known = rules.map((rule) => rule.path).filter((rulePath) => rulePath.startsWith(section));
  const siblings = new Set(known.map((rulePath) => section + rulePath.slice(section.length).split(".")[0]));
  return problem(name, path, "not be there: no such field", got, `one of ${[...siblings].join(", ")}`);
}

function problem(name: string, path: string, must: string, got: unknown, fix: string): Problem {
  const found = got === undefined ? "nothing" : JSON.stringify(got);
  return { path, got, fix, message: `${name}: ${path} must ${must}, got ${found}; use ${fix}` };
}

function nameOf(environment: unknown): string {
  const name = valueAt(environment, "name");
  return typeof name === "string" && name !== "" ? name : "environment";
}

/** Tolerates missing sections: a file is type-stripped, not type-checked, before it comes here. */
function valueAt(root: unknown, path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>(
      (value, key) =>
        typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined,
      root,
    );
}
