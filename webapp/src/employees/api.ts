import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { Type } from "typebox";
import { Conditions, expectation, isKnown, tagged } from "../conditions.ts";
import { FAILURES, NotFound } from "../errors.ts";
import { wantsNewest } from "../freshness.ts";
import type { Photos } from "../photos/photos.ts";
import {
  Employee,
  EmployeeInput,
  EmployeePage,
  EmployeeParams,
  EmployeeQuery,
  type EmployeeRepository,
  selectionOf,
} from "./employee.ts";

/** What the directory's API works with. */
export interface DirectoryOptions {
  readonly employees: EmployeeRepository;
  /** Undefined: there are no photos. */
  readonly photos: Photos | undefined;
}

/** Employees as JSON, to be registered under /api/employees. */
export const employeeApi: FastifyPluginAsyncTypebox<DirectoryOptions> = async (
  app,
  { employees, photos },
) => {
  app.get(
    "/",
    {
      schema: {
        summary: "Employees by name, all or those in whose fields a text is",
        querystring: EmployeeQuery,
        response: { 200: EmployeePage, ...FAILURES },
      },
    },
    (request) => employees.list({ ...selectionOf(request.query), newest: wantsNewest(request) }),
  );

  app.post(
    "/",
    {
      schema: { summary: "A new employee", body: EmployeeInput, response: { 201: Employee, ...FAILURES } },
    },
    async ({ body }, reply) => {
      const employee = await employees.add(body);
      return tagged(reply, employee)
        .code(201)
        .header("location", `/api/employees/${employee.id}`)
        .send(employee);
    },
  );

  app.get(
    "/:id",
    {
      schema: {
        summary: "An employee",
        params: EmployeeParams,
        response: { 200: Employee, 304: Type.Null({ description: "As If-None-Match says" }), ...FAILURES },
      },
    },
    async ({ params, headers }, reply) => {
      const employee = (await employees.get(params.id)) ?? noEmployee(params.id);
      if (isKnown(headers["if-none-match"], employee)) return tagged(reply, employee).code(304).send(null);
      return tagged(reply, employee).send(employee);
    },
  );

  app.put(
    "/:id",
    {
      schema: {
        summary: "Other facts of an employee; the photo stays",
        params: EmployeeParams,
        headers: Conditions,
        body: EmployeeInput,
        response: { 200: Employee, ...FAILURES },
      },
    },
    async ({ params, headers, body }, reply) => {
      const employee = await employees.change(params.id, body, expectation(headers["if-match"]));
      return tagged(reply, employee ?? noEmployee(params.id)).send(employee);
    },
  );

  app.delete(
    "/:id",
    {
      schema: {
        summary: "Takes an employee away, with the photo",
        params: EmployeeParams,
        headers: Conditions,
        response: { 204: Type.Null({ description: "They are gone" }), ...FAILURES },
      },
    },
    async ({ params, headers }, reply) => {
      const removed = await employees.remove(params.id, expectation(headers["if-match"]));
      if (!removed) noEmployee(params.id);
      await photos?.forget(removed);
      return reply.code(204).send(null);
    },
  );
};

/** @throws NotFound always */
export function noEmployee(id: string): never {
  throw new NotFound(`There is no employee ${id}.`);
}
