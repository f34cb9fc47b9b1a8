import Fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type FastifyServerOptions,
  LogController,
} from "fastify";
import { apiDocument } from "./api-document.ts";
import { Assets } from "./assets.ts";
import { answerUnreadable } from "./client-error.ts";
import { foldDoubleSubmits } from "./double-submit.ts";
import { employeeApi } from "./employees/api.ts";
import type { EmployeeRepository } from "./employees/employee.ts";
import { employeePages } from "./employees/pages.ts";
import { photoApi } from "./employees/photo-api.ts";
import { photoPages } from "./employees/photo-pages.ts";
import { entryApi } from "./entries/api.ts";
import type { EntryRepository } from "./entries/entry.ts";
import { entryPages } from "./entries/pages.ts";
import { NotFound, PROBLEM_TYPE, type Problem, problemOf } from "./errors.ts";
import { rememberWriters } from "./freshness.ts";
import { health, type Readiness } from "./health.ts";
import { MOST_CONNECTIONS, MOST_REQUESTS, SERVER_LIMITS } from "./limits.ts";
import { trustLoadBalancer } from "./load-balancer.ts";
import { refuseOtherMethods } from "./methods.ts";
import type { Answered } from "./metrics.ts";
import { limitRequests } from "./overload.ts";
import type { Photos } from "./photos/photos.ts";
import { servePhotos } from "./photos/serve.ts";
import { limitClients } from "./rate-limit.ts";
import { requestId } from "./request-id.ts";
import { protect, tellBrowsers } from "./safety.ts";
import { limitSlowBodies } from "./slow-body.ts";
import { type StatusSource, statusPage } from "./status/pages.ts";
import { validationMessage } from "./validation-message.ts";
import { Views } from "./views.ts";
import { acceptWellFormedOnly } from "./well-formed.ts";

/** What the app works with. */
export interface Dependencies extends Readiness {
  readonly entries: EntryRepository;
  readonly employees: EmployeeRepository;
  /** The employees' photos. Default: there are none. */
  readonly photos?: Photos | undefined;
  /** Default: no log. */
  readonly logger?: FastifyServerOptions["logger"];
  /** Whether lists may be some seconds old, so that who has just written must be known again. Default false. */
  readonly hasReplica?: boolean;
  /** What the status page tells of. Default: nothing is known. */
  readonly status?: StatusSource;
  /** Requests that one client may make in ten seconds. Default 0: no limit. */
  readonly rateLimit?: number;
  /** Told of each request when it was answered. */
  readonly count?: (answered: Answered) => void;
  /** Sees the app before its routes: what writes the API's description watches them so. */
  readonly watch?: (app: FastifyInstance) => void;
}

const NOTHING_KNOWN: StatusSource = {
  release: {},
  place: async () => ({ kind: "Instance" }),
  uptime: () => 0,
};

/** Builds the web app. It opens nothing and reads no environment: `inject` tests it, server.ts runs it. */
export function buildApp({
  entries,
  employees,
  photos,
  logger = false,
  watch,
  hasReplica,
  status = NOTHING_KNOWN,
  rateLimit = 0,
  count,
  ...readiness
}: Dependencies): FastifyInstance {
  const app = Fastify({
    logger,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: "requestId" }),
    trustProxy: trustLoadBalancer,
    ...SERVER_LIMITS,
    genReqId: requestId,
    clientErrorHandler: answerUnreadable,
    frameworkErrors: (error, request, reply) => void answer(request, reply, problemOf(error)),
    return503OnClosing: false,
    ajv: { customOptions: { coerceTypes: false, allErrors: true } },
    schemaErrorFormatter: (errors, part) => new Error(validationMessage(errors, part)),
  });
  app.server.maxConnections = MOST_CONNECTIONS;
  const assets = new Assets();
  const views = new Views(assets);
  watch?.(app);

  protect(app);
  limitSlowBodies(app);
  acceptWellFormedOnly(app);
  if (hasReplica) rememberWriters(app);
  app.addHook("onSend", (_request, reply, _payload, done) => {
    if (readiness.stopping()) reply.header("connection", "close");
    done();
  });

  if (count) {
    app.addHook("onResponse", ({ method, routeOptions }, reply, done) => {
      count({
        method,
        route: routeOptions.url,
        status: reply.statusCode,
        milliseconds: reply.elapsedTime,
      });
      done();
    });
  }

  app.register(health, readiness);
  assets.serve(app);

  app.register(async (served) => {
    limitRequests(served, MOST_REQUESTS);
    await limitClients(served, rateLimit);
    served.register(api, { prefix: "/api" });
    if (photos) served.register((scope) => pictures(scope, photos), { prefix: "/photos" });
    served.register(pages);
  });

  answerErrors(app, errorPage);
  app.setNotFoundHandler(() => {
    throw new NotFound("There is no such page.");
  });
  return app;

  /** For errors before any route, and so before any hook. */
  function answer(request: FastifyRequest, reply: FastifyReply, problem: Problem): FastifyReply {
    tellBrowsers(request, reply);
    reply.code(problem.status);
    return /^\/(?:api|photos)\//.test(request.url)
      ? reply.type(PROBLEM_TYPE).send(problem)
      : errorPage(reply, problem);
  }

  async function api(scope: FastifyInstance): Promise<void> {
    logRequests(scope);
    const routesAreThere = refuseOtherMethods(scope);
    scope.removeContentTypeParser("application/x-www-form-urlencoded");
    answerErrors(scope, (reply, problem) => reply.type(PROBLEM_TYPE).send(problem));
    scope.setNotFoundHandler(({ method, url }) => {
      throw new NotFound(`There is no ${method} ${url}.`);
    });
    scope.get("/openapi.json", { schema: { hide: true } as object }, (_request, reply) =>
      reply.type("application/json; charset=utf-8").send(apiDocument()),
    );
    await scope.register(entryApi, { prefix: "/entries", entries });
    await scope.register(employeeApi, { prefix: "/employees", employees, photos });
    await scope.register(photoApi, { prefix: "/employees", employees, photos });
    routesAreThere();
  }

  async function pictures(scope: FastifyInstance, from: Photos): Promise<void> {
    logRequests(scope);
    const routesAreThere = refuseOtherMethods(scope);
    answerErrors(scope, (reply, problem) => reply.type(PROBLEM_TYPE).send(problem));
    scope.setNotFoundHandler(() => {
      throw new NotFound("There is no such photo.");
    });
    await scope.register(servePhotos, { photos: from });
    routesAreThere();
  }

  async function pages(scope: FastifyInstance): Promise<void> {
    logRequests(scope);
    foldDoubleSubmits(scope);
    const routesAreThere = refuseOtherMethods(scope);
    await scope.register(entryPages, { entries, views });
    await scope.register(employeePages, { prefix: "/employees", employees, photos, views });
    if (photos) await scope.register(photoPages, { prefix: "/employees", employees, photos, views });
    await scope.register(statusPage, { ...readiness, status, views });
    routesAreThere();
  }

  function errorPage(reply: FastifyReply, { status, title, detail }: Problem): FastifyReply {
    // What was sent by a form is not sent again by a link.
    const again = [429, 503].includes(status) && reply.request.method === "GET";
    return views.send(reply, "message", { title, status, message: detail, again });
  }
}

/** Every error of these routes in one shape; those of the server are logged, those of the client are not. */
function answerErrors(
  app: FastifyInstance,
  send: (reply: FastifyReply, problem: Problem) => FastifyReply,
): void {
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const problem = problemOf(error);
    if (problem.status === 500) request.log.error(error);
    if (problem.status === 503) {
      request.log.warn(error);
      reply.header("retry-after", "5");
    }
    return send(reply.code(problem.status), problem);
  });
}

/** One line per request, with the pattern of its route: neither the address it came from nor what it said. */
function logRequests(app: FastifyInstance): void {
  app.addHook("onResponse", (request, reply, done) => {
    const { method, routeOptions, log } = request;
    log.info(
      { method, route: routeOptions.url, status: reply.statusCode, ms: Math.round(reply.elapsedTime) },
      "request",
    );
    done();
  });
}
