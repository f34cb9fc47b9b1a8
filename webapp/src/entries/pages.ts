import formBody from "@fastify/formbody";
import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import type { FastifyReply, FastifyRequest } from "fastify";
import { NotFound } from "../errors.ts";
import type { Views } from "../views.ts";
import {
  EntryInput,
  EntryParams,
  EntryQuery,
  type EntryRepository,
  LONGEST_TEXT,
  listOptions,
} from "./entry.ts";

/** What the pages need. */
export interface PageOptions {
  readonly entries: EntryRepository;
  readonly views: Views;
}

/** Entries as pages and forms that work without JavaScript. Every form leads back to the list. */
export const entryPages: FastifyPluginAsyncTypebox<PageOptions> = async (app, { entries, views }) => {
  await app.register(formBody);

  app.get("/", { schema: { querystring: EntryQuery } }, ({ query }, reply) => listPage(reply, query));

  const form = { preValidation: normalizeLineEnds, attachValidation: true };

  app.post(
    "/entries",
    { ...form, schema: { body: EntryInput } },
    async ({ body, validationError }, reply) => {
      if (validationError) return listPage(reply.code(400), {}, validationError.message, textOf(body));
      await entries.add(body);
      return reply.redirect("/", 303);
    },
  );

  app.get("/entries/:id/edit", { schema: { params: EntryParams } }, async ({ params }, reply) => {
    const entry = await entries.get(Number(params.id));
    if (!entry) throw noEntry(params.id);
    return views.send(reply, "edit", {
      title: "Edit entry",
      id: entry.id,
      text: entry.text,
      longest: LONGEST_TEXT,
    });
  });

  app.post(
    "/entries/:id",
    { ...form, schema: { params: EntryParams, body: EntryInput } },
    async ({ params, body, validationError }, reply) => {
      if (validationError?.validationContext === "params") throw validationError;
      if (validationError) {
        const page = { title: "Edit entry", id: params.id, text: textOf(body), longest: LONGEST_TEXT };
        return views.send(reply.code(400), "edit", { ...page, problem: validationError.message });
      }
      if (!(await entries.change(Number(params.id), body))) throw noEntry(params.id);
      return reply.redirect("/", 303);
    },
  );

  app.post("/entries/:id/delete", { schema: { params: EntryParams } }, async ({ params }, reply) => {
    // Gone already is what was wanted: a form sent twice is no error.
    await entries.remove(Number(params.id));
    return reply.redirect("/", 303);
  });

  async function listPage(reply: FastifyReply, query: EntryQuery, problem?: string, text = "") {
    const page = await entries.list(listOptions(query));
    return views.send(reply, "entries", { title: "Entries", ...page, problem, text, longest: LONGEST_TEXT });
  }
};

/** Browsers send line ends as two characters but count them as one against `maxlength`. */
async function normalizeLineEnds({ body }: FastifyRequest): Promise<void> {
  const fields = body as { text?: unknown } | undefined;
  if (typeof fields?.text === "string") fields.text = fields.text.replaceAll("\r\n", "\n");
}

function textOf(body: unknown): string {
  const { text } = (body ?? {}) as { text?: unknown };
  return typeof text === "string" ? text : "";
}

function noEntry(id: string): NotFound {
  return new NotFound(`There is no entry ${id}.`);
}
