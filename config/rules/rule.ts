/** One rule about one field; `validate.ts` turns the broken ones into problems. */
export interface Rule {
  /** The field, for example `edge.healthCheck.timeout`. */
  readonly path: string;
  /** Continues "must": what is asked of the value. */
  readonly must: string;
  /** A value that would do, as one writes it in TypeScript. */
  readonly use: string | ((at: FieldReader) => string);
  /** Whether the field may be left out. @default false */
  readonly optional?: boolean;
  /** The optional section that the field belongs to: while that is left out, nothing is asked of the field. */
  readonly section?: string;
  /** The section that takes the field's place: beside it the field must not stand. */
  readonly unless?: string;
  /** Whether the value will do. `at` reads another field. */
  readonly test: (value: unknown, at: FieldReader) => boolean;
}

/** Reads another field of the same environment, `undefined` if it is not there. */
export type FieldReader = (path: string) => unknown;

/** Rules about the fields of a section that may be left out. */
export function inSection(section: string, rules: readonly Rule[]): Rule[] {
  return rules.map((rule) => ({ ...rule, section: rule.section ?? section }));
}

/** Rules about fields that another section takes the place of. */
export function unlessThereIs(unless: string, rules: readonly Rule[]): Rule[] {
  return rules.map((rule) => ({ ...rule, unless }));
}

/** A field that turns something on. */
export function flag(path: string): Rule {
  return {
    path,
    must: "be true or false",
    use: "true",
    optional: true,
    test: (value) => typeof value === "boolean",
  };
}
