import type { ServerResponse } from "node:http";

const REASONS: Readonly<Record<number, string>> = {
  400: "400 Bad Request",
  405: "405 Method Not Allowed",
  414: "414 URI Too Long",
  463: "463",
  500: "500 Internal Server Error",
  502: "502 Bad Gateway",
  503: "503 Service Temporarily Unavailable",
  504: "504 Gateway Time-out",
};

/** The body of an error that the load balancer itself answers, as AWS words it. */
export function errorPage(status: number): string {
  const title = REASONS[status] ?? String(status);
  return [
    "<html>",
    `<head><title>${title}</title></head>`,
    "<body>",
    `<center><h1>${title}</h1></center>`,
    "</body>",
    "</html>",
    "",
  ].join("\r\n");
}

/** Answers with an error page; cuts the connection if an answer has already begun. */
export function sendError(response: ServerResponse, status: number): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  send(response, status, "text/html", errorPage(status));
}

/** Answers on the load balancer's own behalf, which AWS marks by the Server header. */
export function send(
  response: ServerResponse,
  status: number,
  contentType: string | undefined,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  // An unread body would be taken for the next request.
  const unread = response.req.complete ? {} : { Connection: "close" };
  response.writeHead(status, {
    Server: "awselb/2.0",
    ...(contentType === undefined ? {} : { "Content-Type": contentType }),
    "Content-Length": Buffer.byteLength(body),
    ...headers,
    ...unread,
  });
  response.end(body);
}
