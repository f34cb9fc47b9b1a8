import Fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyServerOptions,
  LogController,
} from "fastify";
import { entryApi } from "./entries/api.ts";
import type { EntryRepository } from "./entries/entry.ts";
import { entryPages } from "./entries/pages.ts";
import { NotFound, type PublicError, publicError } from "./errors.ts";
import { health, type Readiness } from "./health.ts";
import { HEADERS_TIMEOUT, KEEP_ALIVE_TIMEOUT, trustLoadBalancer } from "./load-balancer.ts";
import { validationMessage } from "./validation-message.ts";
import { Views } from "./views.ts";

/** What the app works with. */
export interface Dependencies extends Readiness {
  readonly entries: EntryRepository;
  /** Default: no log. */
  readonly logger?: FastifyServerOptions["logger"];
}

/** Builds the web app. It opens nothing and reads no environment: `inject` tests it, server.ts runs it. */
export function buildApp({ entries, logger = false, ...readiness }: Dependencies): FastifyInstance {
  const app = Fastify({
    logger,
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: trustLoadBalancer,
    bodyLimit: 64 * 1024,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT,
    http: { headersTimeout: HEADERS_TIMEOUT },
    return503OnClosing: false,
    ajv: { customOptions: { coerceTypes: false } },
    schemaErrorFormatter: (errors, part) => new Error(validationMessage(errors, part)),
  });
  const views = new Views();

  app.addHook("onSend", async (_request, reply) => {
    reply.header("x-content-type-options", "nosniff");
    if (readiness.stopping()) reply.header("connection", "close");
  });

  app.register(health, readiness);

  app.register(
    async (api) => {
      logRequests(api);
      answerErrors(api, (reply, shown) => reply.send(shown));
      api.setNotFoundHandler(({ method, url }) => {
        throw new NotFound(`There is no ${method} ${url}.`);
      });
      await api.register(entryApi, { prefix: "/entries", entries });
    },
    { prefix: "/api" },
  );

  app.register(async (pages) => {
    logRequests(pages);
    answerErrors(pages, (reply, { error, message }) =>
      views.send(reply, "message", { title: error, message }),
    );
    await pages.register(entryPages, { entries, views });
  });

  app.setNotFoundHandler((_request, reply) =>
    views.send(reply.code(404), "message", { title: "Not Found", message: "There is no such page." }),
  );
  return app;
}

/** Every error of these routes in one shape; those of the server are logged, those of the client are not. */
function answerErrors(
  app: FastifyInstance,
  send: (reply: FastifyReply, shown: PublicError) => FastifyReply,
): void {
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const shown = publicError(error);
    if (shown.statusCode === 500) request.log.error(error);
    if (shown.statusCode === 503) {
      request.log.warn(error);
      reply.header("retry-after", "5");
    }
    return send(reply.code(shown.statusCode), shown);
  });
}

/** One line per request, with the pattern of its route: neither the address it came from nor what it said. */
function logRequests(app: FastifyInstance): void {
  app.addHook("onResponse", async (request, reply) => {
    const { method, routeOptions, log } = request;
    log.info(
      { method, route: routeOptions.url, status: reply.statusCode, ms: Math.round(reply.elapsedTime) },
      "request",
    );
  });
}
