import type { FastifySchemaValidationError } from "fastify/types/schema.js";
import { CURSOR, EMAIL, UUID } from "./employees/employee.ts";
import { NOT_BLANK, UP_TO_HUNDRED, WHOLE_NUMBER } from "./entries/entry.ts";

const PATTERNS: Readonly<Record<string, string>> = {
  [NOT_BLANK]: "must not be blank",
  [WHOLE_NUMBER]: "must be a whole number above 0",
  [UUID]: "must be a UUID, in lower case",
  [EMAIL]: "must be an address like name@example.com",
  [CURSOR]: "must be what an earlier page of the list has in next",
  [UP_TO_HUNDRED]: "must be a whole number from 1 to 100",
};

/** What is wrong with a request, in one sentence for the person who sent it. */
export function validationMessage(errors: readonly FastifySchemaValidationError[], part: string): string {
  return [...problemsOf(errors, part)].map(([field, reason]) => `${field} ${reason}`).join("; ");
}

/** What is wrong with each field: the first reason alone, since what is empty is also blank. */
export function problemsOf(
  errors: readonly FastifySchemaValidationError[],
  part: string,
): ReadonlyMap<string, string> {
  const problems = new Map<string, string>();
  for (const error of errors) {
    const field = fieldOf(error, part);
    if (!problems.has(field)) problems.set(field, reasonOf(error));
  }
  return problems;
}

function fieldOf({ keyword, instancePath, params }: FastifySchemaValidationError, part: string): string {
  if (keyword === "required") return String(params.missingProperty);
  return instancePath.slice(1).replaceAll("/", ".") || part;
}

function reasonOf({ keyword, params, message }: FastifySchemaValidationError): string {
  switch (keyword) {
    case "required":
      return "is missing";
    case "minLength":
      return "must not be empty";
    case "maxLength":
      return `must have at most ${String(params.limit)} characters`;
    case "pattern":
      return PATTERNS[String(params.pattern)] ?? "is out of range";
    default:
      return message ?? "is not valid";
  }
}
