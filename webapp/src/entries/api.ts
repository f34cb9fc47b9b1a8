import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { Type } from "typebox";
import { Conditions, expectation, isKnown, tagged } from "../conditions.ts";
import { FAILURES, NotFound } from "../errors.ts";
import { wantsNewest } from "../freshness.ts";
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
  app.get(
    "/",
    {
      schema: {
        summary: "Entries, the newest first",
        querystring: EntryQuery,
        response: { 200: EntryPage, ...FAILURES },
      },
    },
    (request) => entries.list({ ...listOptions(request.query), newest: wantsNewest(request) }),
  );

  app.post(
    "/",
    { schema: { summary: "A new entry", body: EntryInput, response: { 201: Entry, ...FAILURES } } },
    async ({ body }, reply) => {
      const entry = await entries.add(body);
      return tagged(reply, entry).code(201).header("location", `/api/entries/${entry.id}`).send(entry);
    },
  );

  app.get(
    "/:id",
    {
      schema: {
        summary: "An entry",
        params: EntryParams,
        response: { 200: Entry, 304: Type.Null({ description: "As If-None-Match says" }), ...FAILURES },
      },
    },
    async ({ params, headers }, reply) => {
      const entry = (await entries.get(Number(params.id))) ?? missing(params.id);
      if (isKnown(headers["if-none-match"], entry)) return tagged(reply, entry).code(304).send(null);
      return tagged(reply, entry).send(entry);
    },
  );

  app.put(
    "/:id",
    {
      schema: {
        summary: "Another text for an entry",
        params: EntryParams,
        headers: Conditions,
        body: EntryInput,
        response: { 200: Entry, ...FAILURES },
      },
    },
    async ({ params, headers, body }, reply) => {
      const entry = await entries.change(Number(params.id), body, expectation(headers["if-match"]));
      return tagged(reply, entry ?? missing(params.id)).send(entry);
    },
  );

  app.delete(
    "/:id",
    {
      schema: {
        summary: "Takes an entry away",
        params: EntryParams,
        headers: Conditions,
        response: { 204: Type.Null({ description: "It is gone" }), ...FAILURES },
      },
    },
    async ({ params, headers }, reply) => {
      const removed = await entries.remove(Number(params.id), expectation(headers["if-match"]));
      if (!removed) missing(params.id);
      return reply.code(204).send(null);
    },
  );
};

function missing(id: string): never {
  throw new NotFound(`There is no entry ${id}.`);
}
