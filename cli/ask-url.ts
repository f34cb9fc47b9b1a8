import { request as overHttp } from "node:http";
import { request as overHttps } from "node:https";
import { agentsFor, type WebProxy } from "./proxy.ts";

/** How to ask. */
export interface Asking {
  /** Certificate authority to trust beside the system's, PEM: the twin's own. */
  readonly ca?: string | undefined;
  /** What to go through. Default: nothing. */
  readonly proxy?: WebProxy | undefined;
  /** Milliseconds the whole exchange may take. */
  readonly timeout: number;
}

/** The status that a URL answers with, redirects not followed. @throws the socket's or the TLS layer's error */
export function statusOf(url: string, { ca, proxy, timeout }: Asking): Promise<number> {
  const isSecure = url.startsWith("https:");
  const request = isSecure ? overHttps : overHttp;
  const agents = proxy && agentsFor(proxy, { keepAlive: false });
  const agent = (isSecure ? agents?.httpsAgent : agents?.httpAgent) ?? false;
  return new Promise((resolve, reject) => {
    const asked = request(
      url,
      { agent, signal: AbortSignal.timeout(timeout), ...(ca !== undefined && { ca }) },
      (response) => {
        response.resume().once("error", reject);
        response.once("end", () => resolve(response.statusCode ?? 0));
      },
    );
    asked.once("error", reject);
    asked.end();
  });
}
