import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import type { FastifyReply } from "fastify";
import { Type } from "typebox";
import { NotFound, Problem } from "../errors.ts";
import { wantsNewest } from "../freshness.ts";
import { matches, tagOf } from "../tag.ts";
import {
  Entry,
  EntryConditions,
  EntryInput,
  EntryPage,
  EntryParams,
  EntryQuery,
  type EntryRepository,
  type Expectation,
  listOptions,
} from "./entry.ts";

/** What each route may answer besides what it is there for. */
const problem = {
  description: "What is wrong",
  content: { "application/problem+json": { schema: Problem } },
};
const failures = { "4xx": problem, "5xx": problem };

/** Entries as JSON, to be registered under /api/entries. */
export const entryApi: FastifyPluginAsyncTypebox<{ entries: EntryRepository }> = async (app, { entries }) => {
  app.get(
    "/",
    {
      schema: {
        summary: "Entries, the newest first",
        querystring: EntryQuery,
        response: { 200: EntryPage, ...failures },
      },
    },
    (request) => entries.list({ ...listOptions(request.query), newest: wantsNewest(request) }),
  );

  app.post(
    "/",
    { schema: { summary: "A new entry", body: EntryInput, response: { 201: Entry, ...failures } } },
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
        response: { 200: Entry, 304: Type.Null({ description: "As If-None-Match says" }), ...failures },
      },
    },
    async ({ params, headers }, reply) => {
      const entry = (await entries.get(Number(params.id))) ?? missing(params.id);
      const known = headers["if-none-match"];
      if (known !== undefined && matches(known, tagOf(entry)))
        return tagged(reply, entry).code(304).send(null);
      return tagged(reply, entry).send(entry);
    },
  );

  app.put(
    "/:id",
    {
      schema: {
        summary: "Another text for an entry",
        params: EntryParams,
        headers: EntryConditions,
        body: EntryInput,
        response: { 200: Entry, ...failures },
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
        headers: EntryConditions,
        response: { 204: Type.Null({ description: "It is gone" }), ...failures },
      },
    },
    async ({ params, headers }, reply) => {
      const removed = await entries.remove(Number(params.id), expectation(headers["if-match"]));
      if (!removed) missing(params.id);
      return reply.code(204).send(null);
    },
  );
};

function tagged(reply: FastifyReply, entry: Entry): FastifyReply {
  return reply.header("etag", tagOf(entry));
}

function expectation(tags: string | undefined): Expectation | undefined {
  return tags === undefined ? undefined : (entry) => matches(tags, tagOf(entry));
}

function missing(id: string): never {
  throw new NotFound(`There is no entry ${id}.`);
}
