import { request as overHttp } from "node:http";
import { request as overHttps } from "node:https";

/** How to ask. */
export interface Asking {
  /** Certificate authority to trust beside the system's, PEM: the twin's own. */
  readonly ca?: string | undefined;
  /** Milliseconds the whole exchange may take. */
  readonly timeout: number;
}

/** The status that a URL answers with, redirects not followed. @throws the socket's or the TLS layer's error */
export function statusOf(url: string, { ca, timeout }: Asking): Promise<number> {
  const request = url.startsWith("https:") ? overHttps : overHttp;
  return new Promise((resolve, reject) => {
    const asked = request(
      url,
      { agent: false, signal: AbortSignal.timeout(timeout), ...(ca !== undefined && { ca }) },
      (response) => {
        response.resume().once("error", reject);
        response.once("end", () => resolve(response.statusCode ?? 0));
      },
    );
    asked.once("error", reject);
    asked.end();
  });
}
