import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import type { FastifyReply } from "fastify";
import { NotFound, Outdated } from "../errors.ts";
import { Confirmation, fieldProblems, fieldsOf, normalizeLineEnds } from "../form.ts";
import { wantsNewest } from "../freshness.ts";
import { linkTo } from "../link.ts";
import { notify } from "../notice.ts";
import { tagOf } from "../tag.ts";
import type { Views } from "../views.ts";
import {
  type Entry,
  EntryForm,
  EntryInput,
  EntryParams,
  EntryQuery,
  type EntryRepository,
  LONGEST_SEARCH,
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
  const form = { preValidation: normalizeLineEnds, attachValidation: true };

  app.get("/", { schema: { querystring: EntryQuery } }, (request, reply) =>
    listPage(reply, request.query, wantsNewest(request)),
  );

  app.post(
    "/entries",
    { ...form, schema: { body: EntryInput } },
    async ({ body, validationError }, reply) => {
      if (validationError) {
        const refused = { problems: fieldProblems(validationError, { text: "Text" }), ...textOf(body) };
        return listPage(reply.code(400), {}, true, refused);
      }
      await entries.add(body);
      return notify(reply, "entry-added").redirect("/", 303);
    },
  );

  app.get("/entries/:id/edit", { schema: { params: EntryParams } }, async ({ params }, reply) =>
    editPage(reply, await entryOf(params)),
  );

  app.post(
    "/entries/:id",
    { ...form, schema: { params: EntryParams, body: EntryForm } },
    async ({ params, body, validationError }, reply) => {
      if (validationError?.validationContext === "params") throw validationError;
      if (validationError) {
        const problems = fieldProblems(validationError, { text: "Text" });
        return editPage(reply.code(400), { ...params, ...fieldsOf(body, ["text", "tag"]) }, { problems });
      }
      const { text } = body;
      try {
        if (!(await entries.change(Number(params.id), { text }, expected(body.tag)))) throw noEntry(params);
      } catch (error) {
        if (!(error instanceof Outdated)) throw error;
        const { tag, text: current } = await entryOf(params);
        return editPage(reply.code(409), { ...params, text, tag }, { current });
      }
      return notify(reply, "entry-saved").redirect("/", 303);
    },
  );

  app.get("/entries/:id/delete", { schema: { params: EntryParams } }, async ({ params }, reply) =>
    deletePage(reply, await entryOf(params)),
  );

  app.post(
    "/entries/:id/delete",
    { schema: { params: EntryParams, body: Confirmation } },
    async ({ params, body }, reply) => {
      try {
        // Gone already is what was wanted: a form sent twice is no error.
        await entries.remove(Number(params.id), expected(body?.tag));
      } catch (error) {
        if (!(error instanceof Outdated)) throw error;
        return deletePage(reply.code(409), { ...(await entryOf(params)), stale: true });
      }
      return notify(reply, "entry-deleted").redirect("/", 303);
    },
  );

  async function entryOf(params: EntryParams): Promise<Entry & { tag: string }> {
    const entry = await entries.get(Number(params.id));
    if (!entry) throw noEntry(params);
    return { ...entry, tag: tagOf(entry) };
  }

  function editPage(
    reply: FastifyReply,
    { id, text, tag }: { id: number | string; text: string; tag: string },
    more: { problems?: Record<string, string>; current?: string } = {},
  ): FastifyReply {
    const page = { title: "Edit entry", section: "entries", inside: true, narrow: true } as const;
    return views.send(reply, "entries/edit", { ...page, id, text, tag, longest: LONGEST_TEXT, ...more });
  }

  function deletePage(reply: FastifyReply, entry: Entry & { tag: string; stale?: boolean }): FastifyReply {
    const page = { title: "Delete entry", section: "entries", inside: true, narrow: true } as const;
    return views.send(reply, "entries/delete", { ...page, ...entry });
  }

  async function listPage(
    reply: FastifyReply,
    query: EntryQuery,
    newest: boolean,
    refused: { text: string; problems?: Record<string, string> } = { text: "" },
  ) {
    const selection = listOptions(query);
    const found = await entries.list({ ...selection, newest });
    const { search = "" } = selection;
    // No page is left of the newest: it is whole, and not what happens to be newer than some entry.
    if (query.after !== undefined && found.previous === null)
      return reply.redirect(linkTo("/", { search }), 303);
    return views.send(reply, "entries/list", {
      title: search ? `Entries with “${search}”` : "Entries",
      section: "entries",
      narrow: true,
      ...found,
      search,
      longest: LONGEST_TEXT,
      longestSearch: LONGEST_SEARCH,
      page: (place: Record<string, number>) => linkTo("/", { search, ...place }),
      ...refused,
    });
  }
};

const textOf = (body: unknown) => fieldsOf(body, ["text"]);

/** What a form takes the entry for, if it says so. */
function expected(tag: string | undefined): (entry: Entry) => boolean {
  return (entry) => tag === undefined || tag === tagOf(entry);
}

function noEntry({ id }: EntryParams): NotFound {
  return new NotFound(`There is no entry ${id}.`);
}
