import fc from "fast-check";

/** What a description says of a value, as far as samples need it. */
export interface Schema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
}

/** With all fields at their longest, or with those alone that must be there, at their shortest. */
export type Size = "largest" | "smallest";

/** A value that the schema allows; the same each time. */
export function sample(schema: Schema, size: Size): unknown {
  const { type, anyOf, required = [], properties = {}, minimum, maximum } = schema;
  if (schema.enum) return schema.enum.at(size === "largest" ? -1 : 0);
  if (anyOf?.[0]) return sample(anyOf[0], size);
  if (type === "object") {
    const fields = Object.entries(properties).filter(
      ([name]) => size === "largest" || required.includes(name),
    );
    return Object.fromEntries(fields.map(([name, field]) => [name, sample(field, size)]));
  }
  if (type === "array") return schema.items && size === "largest" ? [sample(schema.items, size)] : [];
  if (type === "string") return text(schema, size);
  if (type === "boolean") return size === "largest";
  return (size === "largest" ? (maximum ?? minimum) : (minimum ?? maximum)) ?? 1;
}

function text({ pattern = "", minLength = 0, maxLength = 100 }: Schema, size: Size): string {
  const allowed = new RegExp(pattern, "u");
  const length = size === "largest" ? maxLength : Math.max(1, minLength);
  const plain = ["ü", "a", "1"].map((letter) => letter.repeat(length));
  const address = `${"a".repeat(Math.max(1, length - 2))}@a`;
  const fitting = fc
    .sample(fc.stringMatching(allowed), { seed: 1, numRuns: 20 })
    .filter((one) => one.length >= minLength && one.length <= maxLength)
    .toSorted((a, b) => (size === "largest" ? b.length - a.length : a.length - b.length));
  const found = [...plain, address, ...fitting].find((one) => allowed.test(one));
  if (found === undefined) throw new Error(`no sample fits the pattern ${pattern}`);
  return found;
}
