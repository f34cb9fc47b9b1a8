import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import type { FastifyReply } from "fastify";
import { Outdated } from "../errors.ts";
import { Confirmation, fieldProblems, fieldsOf, type Sent } from "../form.ts";
import { wantsNewest } from "../freshness.ts";
import { linkTo } from "../link.ts";
import { notify } from "../notice.ts";
import { tagOf } from "../tag.ts";
import type { Views } from "../views.ts";
import { type DirectoryOptions, noEmployee } from "./api.ts";
import {
  type Employee,
  EmployeeParams,
  EmployeeQuery,
  LONGEST_EMAIL,
  LONGEST_LINE,
  selectionOf,
} from "./employee.ts";
import { EmployeeForm, FIELDS, LABELS, tidy } from "./form.ts";
import { portraitOf } from "./portrait.ts";

/** What the directory's pages need. */
export interface DirectoryPageOptions extends DirectoryOptions {
  readonly views: Views;
}

const section = { section: "employees" } as const;
const below = { ...section, inside: true, narrow: true } as const;
const EMPTY = fieldsOf({}, FIELDS);

/** The employee directory as pages and forms that work without JavaScript. */
export const employeePages: FastifyPluginAsyncTypebox<DirectoryPageOptions> = async (
  app,
  { employees, photos, views },
) => {
  const form = { preValidation: tidy, attachValidation: true };
  const one = { schema: { params: EmployeeParams } };

  app.get("/", { schema: { querystring: EmployeeQuery } }, async (request, reply) => {
    const search = request.query.search?.trim() ?? "";
    const selection = selectionOf({ ...request.query, search });
    const page = await employees.list({ ...selection, newest: wantsNewest(request) });
    return views.send(reply, "employees/list", {
      title: search ? `Employees with “${search}”` : "Employees",
      ...section,
      ...page,
      search,
      longestSearch: LONGEST_LINE,
      isFirst: selection.after === undefined,
      page: (place: Record<string, string>) => linkTo("/employees", { search, ...place }),
      portraitOf,
    });
  });

  app.get("/new", (_request, reply) => newPage(reply, EMPTY));

  app.post("/", { ...form, schema: { body: EmployeeForm } }, async ({ body, validationError }, reply) => {
    if (validationError) {
      const problems = fieldProblems(validationError, LABELS);
      return newPage(reply.code(400), fieldsOf(body, FIELDS), problems);
    }
    const { tag: _, ...facts } = body;
    const { id } = await employees.add(facts);
    return notify(reply, "employee-added").redirect(`/employees/${id}`, 303);
  });

  app.get("/:id", one, async ({ params }, reply) => {
    const employee = await employeeOf(params);
    const { name: title } = employee;
    const page = {
      title,
      ...below,
      employee,
      portrait: portraitOf(employee),
      hasPhotos: photos !== undefined,
    };
    return views.send(reply, "employees/profile", page);
  });

  app.get("/:id/edit", one, async ({ params }, reply) => {
    const employee = await employeeOf(params);
    return editPage(reply, params, { ...fieldsOf(employee, FIELDS), tag: tagOf(employee) });
  });

  app.post(
    "/:id",
    { ...form, schema: { params: EmployeeParams, body: EmployeeForm } },
    async ({ params, body, validationError }, reply) => {
      if (validationError?.validationContext === "params") throw validationError;
      const sent = fieldsOf(body, [...FIELDS, "tag"]);
      if (validationError) {
        return editPage(reply.code(400), params, sent, { problems: fieldProblems(validationError, LABELS) });
      }
      const { tag, ...facts } = body;
      try {
        if (!(await employees.change(params.id, facts, expected(tag)))) noEmployee(params.id);
      } catch (error) {
        if (!(error instanceof Outdated)) throw error;
        const current = await employeeOf(params);
        return editPage(reply.code(409), params, { ...sent, tag: tagOf(current) }, { current });
      }
      return notify(reply, "employee-saved").redirect(`/employees/${params.id}`, 303);
    },
  );

  app.get("/:id/delete", one, async ({ params }, reply) => deletePage(reply, await employeeOf(params)));

  app.post(
    "/:id/delete",
    { schema: { params: EmployeeParams, body: Confirmation } },
    async ({ params, body }, reply) => {
      try {
        // Gone already is what was wanted: a form sent twice is no error.
        const removed = await employees.remove(params.id, expected(body?.tag));
        if (removed) await photos?.forget(removed);
      } catch (error) {
        if (!(error instanceof Outdated)) throw error;
        return deletePage(reply.code(409), await employeeOf(params), true);
      }
      return notify(reply, "employee-deleted").redirect("/employees", 303);
    },
  );

  async function employeeOf({ id }: EmployeeParams): Promise<Employee> {
    return (await employees.get(id)) ?? noEmployee(id);
  }

  function newPage(reply: FastifyReply, values: Sent<string>, problems?: Record<string, string>) {
    const page = { title: "New employee", ...below, action: "/employees", back: "/employees", problems };
    return formPage(reply, { ...page, backTo: "Employees", values, button: "Add employee" });
  }

  function editPage(
    reply: FastifyReply,
    { id }: EmployeeParams,
    values: Sent<string>,
    more: { problems?: Record<string, string>; current?: Employee } = {},
  ) {
    const path = `/employees/${id}`;
    const page = { title: "Edit employee", ...below, action: path, back: path, ...more };
    return formPage(reply, { ...page, backTo: "Profile", values, button: "Save" });
  }

  function formPage(reply: FastifyReply, page: Parameters<Views["send"]>[2]): FastifyReply {
    const fields = FIELDS.map((name) => ({
      name,
      label: LABELS[name],
      optional: name === "email",
      type: name === "email" ? "email" : "text",
      longest: name === "email" ? LONGEST_EMAIL : LONGEST_LINE,
    }));
    return views.send(reply, "employees/form", { ...page, fields });
  }

  function deletePage(reply: FastifyReply, employee: Employee, stale = false): FastifyReply {
    const page = { title: "Delete employee", ...below, employee, tag: tagOf(employee), stale };
    return views.send(reply, "employees/delete", { ...page, portrait: portraitOf(employee) });
  }
};

/** What a form takes the employee for, if it says so. */
export function expected(tag: string | undefined): (employee: Employee) => boolean {
  return (employee) => tag === undefined || tag === tagOf(employee);
}
