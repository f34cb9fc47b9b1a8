import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { Type } from "typebox";
import { NotFound } from "../errors.ts";
import {
  Entry,
  EntryInput,
  EntryPage,
  EntryParams,
  EntryQuery,
  type EntryRepository,
  listOptions,
} from "./entry.ts";

/** Entries as JSON, to be registered under /api/entries. */
export const entryApi: FastifyPluginAsyncTypebox<{ entries: EntryRepository }> = async (app, { entries }) => {
  app.get("/", { schema: { querystring: EntryQuery, response: { 200: EntryPage } } }, ({ query }) =>
    entries.list(listOptions(query)),
  );

  app.post("/", { schema: { body: EntryInput, response: { 201: Entry } } }, async ({ body }, reply) => {
    const entry = await entries.add(body);
    return reply.code(201).header("location", `/api/entries/${entry.id}`).send(entry);
  });

  app.get("/:id", { schema: { params: EntryParams, response: { 200: Entry } } }, async ({ params }) => {
    return (await entries.get(Number(params.id))) ?? missing(params.id);
  });

  app.put(
    "/:id",
    { schema: { params: EntryParams, body: EntryInput, response: { 200: Entry } } },
    async ({ params, body }) => (await entries.change(Number(params.id), body)) ?? missing(params.id),
  );

  app.delete(
    "/:id",
    { schema: { params: EntryParams, response: { 204: Type.Null() } } },
    async (request, reply) => {
      if (!(await entries.remove(Number(request.params.id)))) missing(request.params.id);
      return reply.code(204).send(null);
    },
  );
};

function missing(id: string): never {
  throw new NotFound(`There is no entry ${id}.`);
}
