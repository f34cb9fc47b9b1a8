import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { NotFound } from "../errors.ts";
import { matches } from "../tag.ts";
import { PHOTO_NAME, type Photos, VARIANTS, type Variant } from "./photos.ts";

const name = new RegExp(PHOTO_NAME);

/** A photo never changes: another one has another name. */
const FOR_EVER = "public, max-age=31536000, immutable";

/** Photos as they are shown, to be registered under /photos. */
export const servePhotos: FastifyPluginAsyncTypebox<{ photos: Photos }> = async (app, { photos }) => {
  app.get<{ Params: { name: string; variant: string } }>(
    "/:name/:variant",
    { schema: { hide: true } as object },
    async ({ params, headers }, reply) => {
      if (!name.test(params.name) || !isVariant(params.variant)) throw nothing();
      const photo = await photos.open(params.name, params.variant);
      if (!photo) throw nothing();
      const tag = `"${params.name}-${params.variant}"`;
      reply.header("etag", tag).header("cache-control", FOR_EVER);
      const known = headers["if-none-match"];
      if (known !== undefined && matches(known, tag)) {
        photo.body.destroy();
        return reply.code(304).send();
      }
      return reply.type(photo.type).header("content-length", photo.length).send(photo.body);
    },
  );
};

function isVariant(text: string): text is Variant {
  return Object.hasOwn(VARIANTS, text);
}

function nothing(): NotFound {
  return new NotFound("There is no such photo.");
}
