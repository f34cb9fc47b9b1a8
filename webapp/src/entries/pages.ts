import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import type { FastifyReply, FastifyRequest } from "fastify";
import { NotFound, Outdated } from "../errors.ts";
import { wantsNewest } from "../freshness.ts";
import { tagOf } from "../tag.ts";
import type { Views } from "../views.ts";
import {
  type Entry,
  EntryForm,
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
  app.get("/", { schema: { querystring: EntryQuery } }, (request, reply) =>
    listPage(reply, request.query, wantsNewest(request)),
  );

  const form = { preValidation: normalizeLineEnds, attachValidation: true };

  app.post(
    "/entries",
    { ...form, schema: { body: EntryInput } },
    async ({ body, validationError }, reply) => {
      if (validationError)
        return listPage(reply.code(400), {}, true, validationError.message, fieldOf(body, "text"));
      await entries.add(body);
      return reply.redirect("/", 303);
    },
  );

  app.get("/entries/:id/edit", { schema: { params: EntryParams } }, async ({ params }, reply) => {
    const entry = await entries.get(Number(params.id));
    if (!entry) throw noEntry(params.id);
    return editPage(reply, { id: entry.id, text: entry.text, tag: tagOf(entry) });
  });

  app.post(
    "/entries/:id",
    { ...form, schema: { params: EntryParams, body: EntryForm } },
    async ({ params, body, validationError }, reply) => {
      if (validationError?.validationContext === "params") throw validationError;
      if (validationError) {
        const sent = { id: params.id, text: fieldOf(body, "text"), tag: fieldOf(body, "tag") };
        return editPage(reply.code(400), { ...sent, problem: validationError.message });
      }
      const id = Number(params.id);
      const { text, tag } = body;
      try {
        const isExpected = (entry: Entry) => tag === undefined || tag === tagOf(entry);
        if (!(await entries.change(id, { text }, isExpected))) throw noEntry(params.id);
      } catch (error) {
        if (!(error instanceof Outdated)) throw error;
        const current = (await entries.get(id)) ?? missing(params.id);
        return editPage(reply.code(409), { id, text, tag: tagOf(current), current: current.text });
      }
      return reply.redirect("/", 303);
    },
  );

  app.post("/entries/:id/delete", { schema: { params: EntryParams } }, async ({ params }, reply) => {
    // Gone already is what was wanted: a form sent twice is no error.
    await entries.remove(Number(params.id));
    return reply.redirect("/", 303);
  });

  function editPage(
    reply: FastifyReply,
    page: { id: number | string; text: string; tag: string; problem?: string; current?: string },
  ): FastifyReply {
    return views.send(reply, "edit", { title: "Edit entry", longest: LONGEST_TEXT, ...page });
  }

  async function listPage(
    reply: FastifyReply,
    query: EntryQuery,
    newest: boolean,
    problem?: string,
    text = "",
  ) {
    const page = await entries.list({ ...listOptions(query), newest });
    return views.send(reply, "entries", { title: "Entries", ...page, problem, text, longest: LONGEST_TEXT });
  }
};

/** Browsers send line ends as two characters but count them as one against `maxlength`. */
async function normalizeLineEnds({ body }: FastifyRequest): Promise<void> {
  const fields = body as { text?: unknown } | undefined;
  if (typeof fields?.text === "string") fields.text = fields.text.replaceAll("\r\n", "\n");
}

function fieldOf(body: unknown, name: string): string {
  const value = (body as Record<string, unknown> | undefined)?.[name];
  return typeof value === "string" ? value : "";
}

function missing(id: string): never {
  throw noEntry(id);
}

function noEntry(id: string): NotFound {
  return new NotFound(`There is no entry ${id}.`);
}
