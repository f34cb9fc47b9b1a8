import { createServer, type IncomingMessage, type Server, ServerResponse } from "node:http";
import { createServer as createSecureServer, Server as SecureServer } from "node:https";
import type { Duplex } from "node:stream";
import type { SecureContext } from "node:tls";
import type { Certificate } from "../certificates.ts";
import { listenFrom } from "../ports.ts";
import type { Action, Listener as Spec } from "../world.ts";
import { type RequestedUrl, redirectLocation, WeightedChoice } from "./actions.ts";
import { pairs, valuesOf } from "./headers.ts";
import { send, sendError } from "./pages.ts";
import { forward } from "./proxy.ts";
import { chooseAction } from "./rules.ts";
import type { TargetGroup } from "./target-group.ts";
import { asksForWebSocket, forwardUpgrade, rawError } from "./websocket.ts";

const LONGEST_REQUEST_LINE = 16_384;
const LARGEST_HEADERS = 65_536;
const MOST_FORWARDED_ADDRESSES = 30;

/** What a listener asks of the load balancer it belongs to, anew for each request. */
export interface Surroundings {
  targetGroup(arn: string): TargetGroup | undefined;
  /** Where another listener of the same load balancer really listens. */
  loopbackPort(port: number): number | undefined;
  idleTimeoutMs(): number;
  /** The certificate for a server name (TLS SNI). */
  secureContext(serverName: string): Promise<SecureContext>;
  /** The certificate for who asks for an address, and names no server. */
  certificate(): Promise<Certificate>;
}

/** One listener: a real port on loopback that answers by the listener's rules. */
export class Listener {
  spec: Spec;
  /** The real port; undefined until it listens. */
  port: number | undefined;
  private readonly surroundings: Surroundings;
  private readonly server: Server;
  private readonly choices = new Map<string, WeightedChoice>();

  constructor(spec: Spec, surroundings: Surroundings) {
    this.spec = spec;
    this.surroundings = surroundings;
    this.server = this.createServer();
    this.server.requestTimeout = 0;
    this.server.keepAliveTimeout = surroundings.idleTimeoutMs();
    this.server.on("request", (request, response) => this.serve(request, response));
    this.server.on("upgrade", (request, socket, head) => this.serveUpgrade(request, socket, head));
    this.server.on("clientError", (_, socket) => {
      if (socket.writable) socket.end(rawError(400));
    });
  }

  /** Listens on `wanted` or the next free port after it. */
  async open(wanted: number): Promise<void> {
    if (this.server instanceof SecureServer) {
      const { certificate, key } = await this.surroundings.certificate();
      this.server.setSecureContext({ cert: certificate, key });
    }
    this.port = await listenFrom(this.server, wanted);
  }

  /** Takes no new connections; with `cut`, ends those that are open. */
  close(cut = false): void {
    this.server.close();
    if (cut) this.server.closeAllConnections();
    else this.server.closeIdleConnections();
  }

  private createServer(): Server {
    const options = { maxHeaderSize: LARGEST_HEADERS };
    if (this.spec.protocol !== "HTTPS") return createServer(options);
    return createSecureServer({
      ...options,
      SNICallback: (name, done) => {
        this.surroundings.secureContext(name).then(
          (context) => done(null, context),
          (error: Error) => done(error),
        );
      },
    });
  }

  private serve(request: IncomingMessage, response: ServerResponse): void {
    const refusal = refuse(request);
    if (refusal !== undefined) {
      sendError(response, refusal);
      return;
    }
    const url = this.urlOf(request);
    const action = chooseAction(this.spec.rules, url);
    switch (action?.Type) {
      case "forward": {
        const target = this.choose(action)?.pick();
        if (target === undefined) sendError(response, 503);
        else forward(request, response, { ...this.forwarding(request), target });
        return;
      }
      case "redirect": {
        const config = action.RedirectConfig ?? {};
        const location = redirectLocation(config, url, (port) => this.surroundings.loopbackPort(port));
        const status = config.StatusCode === "HTTP_302" ? 302 : 301;
        send(response, status, undefined, "", { Location: location });
        return;
      }
      case "fixed-response": {
        const { StatusCode, ContentType = "text/plain", MessageBody = "" } = action.FixedResponseConfig ?? {};
        send(response, Number(StatusCode ?? 200), ContentType, MessageBody);
        return;
      }
      default:
        sendError(response, 500);
    }
  }

  private serveUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on("error", () => socket.destroy());
    const action = chooseAction(this.spec.rules, this.urlOf(request));
    if (!asksForWebSocket(request) || action?.Type !== "forward" || refuse(request) !== undefined) {
      this.serveWithoutUpgrade(request, socket);
      return;
    }
    const target = this.choose(action)?.pick();
    if (target === undefined) socket.end(rawError(503));
    else forwardUpgrade(request, socket, head, { ...this.forwarding(request), target });
  }

  /** Node hands over the bare socket for any Upgrade header; the request is an ordinary one all the same. */
  private serveWithoutUpgrade(request: IncomingMessage, socket: Duplex): void {
    const response = new ServerResponse(request);
    response.shouldKeepAlive = false;
    response.assignSocket(socket as Parameters<ServerResponse["assignSocket"]>[0]);
    response.on("finish", () => socket.end());
    this.serve(request, response);
  }

  private choose(action: Action): TargetGroup | undefined {
    const key = JSON.stringify(action);
    let choice = this.choices.get(key);
    if (choice === undefined) {
      choice = new WeightedChoice();
      this.choices.set(key, choice);
    }
    const arn = choice.next(action);
    return arn === undefined ? undefined : this.surroundings.targetGroup(arn);
  }

  private forwarding(request: IncomingMessage) {
    return {
      idleTimeoutMs: this.surroundings.idleTimeoutMs(),
      client: {
        address: request.socket.remoteAddress ?? "127.0.0.1",
        protocol: this.protocol,
        port: this.spec.port,
      },
    };
  }

  private get protocol(): "http" | "https" {
    return this.spec.protocol === "HTTPS" ? "https" : "http";
  }

  private urlOf(request: IncomingMessage): RequestedUrl {
    const [path = "/", ...query] = (request.url ?? "/").split("?");
    const host = (request.headers.host ?? "").replace(/:\d+$/, "").toLowerCase();
    return { protocol: this.protocol, host, port: this.spec.port, path, query: query.join("?") };
  }
}

/** The status AWS refuses a request with before it looks at any rule; undefined for an ordinary one. */
function refuse(request: IncomingMessage): number | undefined {
  if ((request.method?.length ?? 0) + (request.url?.length ?? 0) > LONGEST_REQUEST_LINE) return 414;
  if (request.rawHeaders.some((part) => part.length > LONGEST_REQUEST_LINE)) return 400;
  if (request.method === "TRACE") return 405;
  const forwardedFor = valuesOf(pairs(request.rawHeaders), "x-forwarded-for").join(",");
  return forwardedFor.split(",").length > MOST_FORWARDED_ADDRESSES ? 463 : undefined;
}
