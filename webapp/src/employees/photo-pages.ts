import { finished, PassThrough, type Readable } from "node:stream";
import multipart from "@fastify/multipart";
import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import type { FastifyReply, FastifyRequest } from "fastify";
import { NotAPicture, Outdated, Refused, TooLarge } from "../errors.ts";
import { Confirmation } from "../form.ts";
import { PHOTO_BODIES } from "../limits.ts";
import { notify } from "../notice.ts";
import { LARGEST_UPLOAD, type Photos } from "../photos/photos.ts";
import { tagOf } from "../tag.ts";
import type { Views } from "../views.ts";
import { noEmployee } from "./api.ts";
import { EmployeeParams, type EmployeeRepository } from "./employee.ts";
import { expected } from "./pages.ts";
import { portraitOf } from "./portrait.ts";

/** What the pages of photos need. */
export interface PhotoPageOptions {
  readonly employees: EmployeeRepository;
  readonly photos: Photos;
  readonly views: Views;
}

/** The photo of an employee: a form that sends a file, what may be wrong with it told beside its field. */
export const photoPages: FastifyPluginAsyncTypebox<PhotoPageOptions> = async (
  app,
  { employees, photos, views },
) => {
  // One byte more than is taken: who reads the file is to see that it is too large. The rest is read and thrown away.
  await app.register(multipart, {
    limits: { fileSize: LARGEST_UPLOAD + 1, files: 1, fields: 4, fieldSize: LONGEST_FIELD, parts: 5 },
  });
  const one = { schema: { params: EmployeeParams } };

  app.get("/:id/photo", one, ({ params }, reply) => photoPage(reply, params));

  app.post("/:id/photo", { ...one, config: { bodies: PHOTO_BODIES } }, async (request, reply) => {
    const { params } = request;
    const part = request.isMultipart() ? await fileOf(request) : undefined;
    if (!part?.filename) {
      part?.file.resume();
      return photoPage(reply.code(400), params, "Choose a picture first");
    }
    const upload = apart(part.file);
    try {
      const tag = part.fields.tag;
      const read = tag && "value" in tag && typeof tag.value === "string" ? tag.value : undefined;
      if (!(await photos.set(params.id, upload, expected(read)))) noEmployee(params.id);
    } catch (error) {
      if (error instanceof Outdated) return photoPage(reply.code(409), params, undefined, true);
      if (!(error instanceof TooLarge || error instanceof NotAPicture)) throw error;
      return photoPage(reply.code(error.statusCode), params, error.message);
    } finally {
      upload.destroy();
    }
    return notify(reply, "photo-saved").redirect(`/employees/${params.id}`, 303);
  });

  app.post(
    "/:id/photo/delete",
    { schema: { params: EmployeeParams, body: Confirmation } },
    async ({ params, body }, reply) => {
      try {
        if (!(await photos.clear(params.id, expected(body?.tag)))) noEmployee(params.id);
      } catch (error) {
        if (!(error instanceof Outdated)) throw error;
        return photoPage(reply.code(409), params, undefined, true);
      }
      return notify(reply, "photo-removed").redirect(`/employees/${params.id}`, 303);
    },
  );

  async function photoPage(reply: FastifyReply, { id }: EmployeeParams, problem?: string, stale = false) {
    const employee = (await employees.get(id)) ?? noEmployee(id);
    return views.send(reply, "employees/photo", {
      title: "Photo",
      section: "employees",
      inside: true,
      narrow: true,
      employee,
      portrait: portraitOf(employee),
      tag: tagOf(employee),
      largest: LARGEST_UPLOAD,
      stale,
      problems: problem === undefined ? undefined : { photo: problem },
    });
  }
};

/** Longest field beside the file: it is a tag. */
const LONGEST_FIELD = 1000;

/** The first file of a form. A form that cannot be read is its sender's doing, whatever its parser calls it. */
async function fileOf(request: FastifyRequest) {
  const part = await request.file().catch((error: Error) => {
    throw "statusCode" in error ? error : new Refused(400, "This is no form that can be read.");
  });
  if (
    part &&
    Object.values(part.fields).some((field) => field && "valueTruncated" in field && field.valueTruncated)
  ) {
    part.file.resume();
    throw new TooLarge("A field of the form is too long.");
  }
  return part;
}

/** A file whose reader may stop before its end: once this is destroyed, the form that it came in is read on. */
function apart(file: Readable): Readable {
  const copy = new PassThrough();
  copy.once("close", () => {
    file.unpipe(copy);
    file.resume();
  });
  // Its form may break off before anybody reads it; who does then is told.
  copy.on("error", () => {});
  // It may also have broken off already, when no error is told any more.
  finished(file, { writable: false }, (error) => error && copy.destroy(error));
  return file.pipe(copy);
}
