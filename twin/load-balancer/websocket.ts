import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { endToEnd, pairs } from "./headers.ts";
import { errorPage } from "./pages.ts";
import { type Forwarding, open } from "./proxy.ts";

/** Whether the client asks for the one upgrade that the load balancer forwards. */
export function asksForWebSocket(request: IncomingMessage): boolean {
  return request.headers.upgrade?.toLowerCase() === "websocket";
}

/** Forwards a WebSocket handshake and joins the two connections; a refusal of the target goes back as it is. */
export function forwardUpgrade(
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  forwarding: Forwarding,
): void {
  const outgoing = open(request, forwarding, false, [
    ["Connection", "Upgrade"],
    ["Upgrade", "websocket"],
  ]);
  if (outgoing === undefined) {
    socket.end(rawError(502));
    return;
  }
  const done = forwarding.target.begin(() => {
    outgoing.destroy();
    socket.destroy();
  });
  let answered = false;
  socket.once("close", () => {
    done();
    outgoing.destroy();
  });
  outgoing.on("upgrade", (incoming, targetSocket, targetHead) => {
    answered = true;
    const headers = pairs(incoming.rawHeaders).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.write(`HTTP/1.1 101 Switching Protocols\r\n${headers.join("")}\r\n`);
    socket.write(targetHead);
    targetSocket.write(head);
    targetSocket.setTimeout(forwarding.idleTimeoutMs, () => targetSocket.destroy());
    targetSocket.pipe(socket).pipe(targetSocket);
    targetSocket.on("error", () => socket.destroy());
    targetSocket.once("close", () => socket.destroy());
    socket.once("close", () => targetSocket.destroy());
  });
  outgoing.on("response", (incoming) => {
    answered = true;
    const headers = endToEnd(pairs(incoming.rawHeaders)).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.write(
      `HTTP/1.1 ${incoming.statusCode} ${incoming.statusMessage}\r\n${headers.join("")}Connection: close\r\n\r\n`,
    );
    incoming.pipe(socket);
  });
  outgoing.setTimeout(forwarding.idleTimeoutMs, () => {
    if (!answered) socket.end(rawError(504));
    answered = true;
    outgoing.destroy();
  });
  outgoing.on("error", () => {
    if (answered) socket.destroy();
    else socket.end(rawError(502));
  });
  outgoing.end();
}

/** An error page on a connection that Node has already handed over as a plain socket. */
export function rawError(status: number): string {
  const page = errorPage(status);
  const title = /<title>(.*)<\/title>/.exec(page)?.[1] ?? String(status);
  return `HTTP/1.1 ${title}\r\nServer: awselb/2.0\r\nContent-Type: text/html\r\nContent-Length: ${page.length}\r\nConnection: close\r\n\r\n${page}`;
}
