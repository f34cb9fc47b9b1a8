import type { FastifyRequest } from "fastify";
import type { FastifySchemaValidationError } from "fastify/types/schema.js";
import { Type } from "typebox";
import { problemsOf } from "./validation-message.ts";

/** What a question sends that is asked before something is done: the tag of what its user read, or nothing. */
export const Confirmation = Type.Union([Type.Null(), Type.Object({ tag: Type.Optional(Type.String()) })]);

/** The fields of a form, as they were sent. */
export type Sent<Field extends string> = Readonly<Record<Field, string>>;

/** Named fields of a body that nobody has looked at yet; what is missing, or no text, is empty. */
export function fieldsOf<Field extends string>(body: unknown, names: readonly Field[]): Sent<Field> {
  const sent = (body ?? {}) as Readonly<Record<string, unknown>>;
  const text = (value: unknown) => (typeof value === "string" ? value : "");
  return Object.fromEntries(names.map((name) => [name, text(sent[name])])) as Sent<Field>;
}

/**
 * What is wrong with each field of a form, in the order of the form, in words for who filled it in.
 * @param labels what the form calls its fields
 */
export function fieldProblems(
  { validation = [] }: { validation?: readonly FastifySchemaValidationError[] },
  labels: Readonly<Record<string, string>>,
): Record<string, string> {
  const reasons = problemsOf(validation, "form");
  const known = Object.entries(labels).filter(([field]) => reasons.has(field));
  return Object.fromEntries(known.map(([field, label]) => [field, `${label} ${reasons.get(field)}`]));
}

/** Browsers send line ends as two characters but count them as one against `maxlength`. */
export async function normalizeLineEnds({ body }: FastifyRequest): Promise<void> {
  const fields = body as { text?: unknown } | undefined;
  if (typeof fields?.text === "string") fields.text = fields.text.replaceAll("\r\n", "\n");
}
