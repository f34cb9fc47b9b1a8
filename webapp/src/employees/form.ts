import type { FastifyRequest } from "fastify";
import { type Static, Type } from "typebox";
import { EmployeeInput } from "./employee.ts";

/** What the form calls its fields, in its order. */
export const LABELS = {
  name: "Name",
  jobTitle: "Job title",
  location: "Location",
  email: "Email address",
} as const;

/** The names of the form's fields. */
export const FIELDS = Object.keys(LABELS) as (keyof typeof LABELS)[];

/** What the form sends: of an employee who is there also the tag of what its user read. */
export const EmployeeForm = Type.Object({
  ...EmployeeInput.properties,
  tag: Type.Optional(Type.String()),
});
export type EmployeeForm = Static<typeof EmployeeForm>;

/** Takes away the space around what was typed. An empty field of a form is sent all the same: an address is then none. */
export async function tidy({ body }: FastifyRequest): Promise<void> {
  const fields = (body ?? {}) as Record<string, unknown>;
  for (const name of FIELDS) {
    const value = fields[name];
    if (typeof value === "string") fields[name] = value.trim();
  }
  if (fields.email === "") delete fields.email;
}
