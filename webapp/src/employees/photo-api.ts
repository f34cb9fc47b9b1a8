import { Readable } from "node:stream";
import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { Type } from "typebox";
import { Conditions, expectation, tagged } from "../conditions.ts";
import { FAILURES, NotFound, TooLarge } from "../errors.ts";
import { PHOTO_BODIES } from "../limits.ts";
import { LARGEST_UPLOAD, TOO_LARGE } from "../photos/photos.ts";
import { type DirectoryOptions, noEmployee } from "./api.ts";
import { Employee, EmployeeParams } from "./employee.ts";

/** Any bytes: what they are is known when they have been read. */
const Picture = Type.Unsafe<unknown>({});

/** The photo of an employee, to be registered under /api/employees. A picture is a body as it is, of any type. */
export const photoApi: FastifyPluginAsyncTypebox<DirectoryOptions> = async (app, { photos }) => {
  // What it is called is not believed, and how much it is not known: it is read, and refused, by who wants it.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", (_request, payload, done) => done(null, payload));

  const schema = {
    params: EmployeeParams,
    headers: Conditions,
    response: { 200: Employee, ...FAILURES },
  };

  app.put(
    "/:id/photo",
    {
      config: { bodies: PHOTO_BODIES },
      schema: {
        summary: "Another photo for an employee: a JPEG, PNG or WebP picture of up to 5 MB",
        consumes: ["image/jpeg", "image/png", "image/webp"],
        body: Picture,
        ...schema,
      },
    },
    async ({ params, headers, body, raw }, reply) => {
      // Only the rest of what is refused goes unread; a connection that is kept would take it for the next request.
      reply.raw.once("finish", () => raw.resume());
      if (Number(headers["content-length"]) > LARGEST_UPLOAD) throw new TooLarge(TOO_LARGE);
      const upload = (body as Readable | undefined) ?? Readable.from([]);
      const employee = await (photos ?? noPhotos()).set(params.id, upload, expectation(headers["if-match"]));
      return tagged(reply, employee ?? noEmployee(params.id)).send(employee);
    },
  );

  app.delete(
    "/:id/photo",
    { schema: { summary: "Takes the photo of an employee away", ...schema } },
    async ({ params, headers }, reply) => {
      const employee = await (photos ?? noPhotos()).clear(params.id, expectation(headers["if-match"]));
      return tagged(reply, employee ?? noEmployee(params.id)).send(employee);
    },
  );
};

function noPhotos(): never {
  throw new NotFound("This directory keeps no photos: there is no bucket for them (PHOTOS_BUCKET).");
}
