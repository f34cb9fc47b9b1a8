import { request } from "node:http";

/** Where a JSON endpoint listens: a TCP port of 127.0.0.1, or a Unix socket. */
export type Endpoint = { readonly port: number } | { readonly socketPath: string };

/**
 * One JSON request on loopback. Resolves with the parsed body of a 2xx answer; rejects with one line naming
 * method, path and status or the socket's error. `timeoutMs` bounds the whole exchange (default 5 000).
 */
export function requestJson(
  endpoint: Endpoint,
  method: "GET" | "POST",
  path: string,
  body?: unknown,
  timeoutMs = 5_000,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const payload = body === undefined ? undefined : JSON.stringify(body);
    const headers =
      payload === undefined
        ? {}
        : { "content-type": "application/json", "content-length": Buffer.byteLength(payload) };
    const outgoing = request(
      { host: "127.0.0.1", ...endpoint, method, path, headers, signal: AbortSignal.timeout(timeoutMs) },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
        incoming.on("error", reject);
        incoming.on("end", () => {
          const text = Buffer.concat(chunks).toString();
          const status = incoming.statusCode ?? 0;
          if (status < 200 || status > 299) {
            reject(new Error(`${method} ${path} answered ${status}: ${text.slice(0, 300)}`));
            return;
          }
          try {
            resolve(text === "" ? undefined : JSON.parse(text));
          } catch {
            reject(new Error(`${method} ${path} answered no JSON: ${text.slice(0, 100)}`));
          }
        });
      },
    );
    outgoing.on("error", reject);
    outgoing.end(payload);
  });
}

/** The code of a socket or file error (`ECONNREFUSED`, `ENOENT`, …), or undefined. */
export function errorCode(error: unknown): string | undefined {
  return isObject(error) && "code" in error ? String(error.code) : undefined;
}

/** The message of whatever was thrown, on one line. */
export function messageOf(error: unknown): string {
  const message = isObject(error) && "message" in error ? error.message : error;
  return String(message).replaceAll("\n", " ");
}

/** Not `instanceof Error`: errors of Node's core have another Error class inside a test's sandbox. */
function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
