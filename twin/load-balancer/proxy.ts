import {
  type ClientRequest,
  request as httpRequest,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import { request as httpsRequest } from "node:https";
import { type Client, endToEnd, forwarded, type HeaderList, pairs, valuesOf } from "./headers.ts";
import { sendError } from "./pages.ts";
import type { Target } from "./target.ts";

/** Methods that may be sent again: nothing changes by asking twice. */
const REPEATABLE = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * What a target is told of its connection. Also a fresh one, which is closed after its request: told so, a target that
 * answers before the body's end would cut off the rest, and with it its answer.
 */
const KEPT: HeaderList = [["Connection", "keep-alive"]];

/** How to forward. */
export interface Forwarding {
  readonly target: Target;
  readonly client: Client;
  /** Without a byte for this long: 504 before the answer, a cut connection after its start. */
  readonly idleTimeoutMs: number;
}

/** Forwards a request to a target and its answer back, streaming both ways. Answers 502 and 504 as AWS does. */
export function forward(request: IncomingMessage, response: ServerResponse, forwarding: Forwarding): void {
  const { target, idleTimeoutMs } = forwarding;
  let upstream: ClientRequest | undefined;
  let failed = false;
  const fail = (status: number) => {
    if (failed) return;
    failed = true;
    sendError(response, status);
    upstream?.destroy();
  };
  const done = target.begin(() => fail(502));
  response.once("close", () => {
    done();
    upstream?.destroy();
    // The rest of a body that was answered before its end.
    request.unpipe().resume();
  });

  const attempt = (reuse: boolean) => {
    const outgoing = open(request, forwarding, reuse);
    if (outgoing === undefined) {
      fail(502);
      return;
    }
    upstream = outgoing;
    outgoing.on("response", (incoming) => answer(incoming, response));
    outgoing.setTimeout(idleTimeoutMs, () => fail(504));
    outgoing.on("error", () => {
      const again = outgoing.reusedSocket && !failed && !response.headersSent && !response.destroyed;
      if (again) attempt(false);
      else fail(502);
    });
    request.pipe(outgoing);
  };
  attempt(REPEATABLE.has(request.method ?? "") && !hasBody(request));
}

/**
 * Opens a request to the target. `reuse` allows an idle connection, which the target may be closing at this
 * moment; only a request that can be sent again may take that risk, every other one gets a fresh connection.
 */
export function open(
  request: IncomingMessage,
  { target, client }: Forwarding,
  reuse: boolean,
  connection = KEPT,
): ClientRequest | undefined {
  const address = target.address();
  if (address === undefined) return undefined;
  const incoming = pairs(request.rawHeaders);
  return (target.secure ? httpsRequest : httpRequest)({
    ...address,
    agent: reuse ? target.agent : false,
    rejectUnauthorized: false,
    setHost: false,
    method: request.method,
    path: request.url,
    headers: [...forwarded(incoming, client), ...framing(request), ...connection].flat(),
  });
}

/** How the target finds the end of the body: as the client said it, for Transfer-Encoding is hop-by-hop. */
function framing(request: IncomingMessage): readonly (readonly [string, string])[] {
  if (request.headers["transfer-encoding"] !== undefined) return [["Transfer-Encoding", "chunked"]];
  if (request.headers["content-length"] !== undefined || REPEATABLE.has(request.method ?? "")) return [];
  return [["Content-Length", "0"]];
}

function hasBody(request: IncomingMessage): boolean {
  return (
    request.headers["transfer-encoding"] !== undefined || Number(request.headers["content-length"] ?? 0) > 0
  );
}

function answer(incoming: IncomingMessage, response: ServerResponse): void {
  const headers = endToEnd(pairs(incoming.rawHeaders));
  // Node would add a date of its own beside the target's.
  response.sendDate = valuesOf(headers, "date").length === 0;
  response.writeHead(incoming.statusCode ?? 502, incoming.statusMessage, headers.flat());
  response.flushHeaders();
  incoming.on("error", () => response.destroy());
  incoming.pipe(response);
}
