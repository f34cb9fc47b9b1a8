import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { UsageError } from "./errors.ts";

/** What requests to elsewhere go through, in the words of the variables that say so. */
export interface WebProxy {
  /** URL of the proxy for `http:`. */
  readonly HTTP_PROXY?: string;
  /** URL of the proxy for `https:`. */
  readonly HTTPS_PROXY?: string;
  /** Who is asked without it, separated by commas: "name", ".domain", "10.0.0.1", each with ":port" if need be. */
  readonly NO_PROXY: string;
}

const NAMES = ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"] as const;

/** This machine, where the twin is, and what tells an instance or a task its credentials. */
const NEVER = ["localhost", "127.0.0.1", "169.254.169.254", "169.254.170.2"];

/**
 * The proxy that these variables name, in either case; where both are there, the lower one is meant, as for curl.
 * @throws UsageError naming a variable that holds no URL
 */
export function proxyOf(variables: Readonly<Record<string, string | undefined>>): WebProxy | undefined {
  const [http, https, none = ""] = NAMES.map((name) => variables[name.toLowerCase()] || variables[name]);
  if (!http && !https) return undefined;
  const direct = none.split(",").map((name) => name.trim());
  return {
    ...(http && { HTTP_PROXY: proxyUrl("HTTP_PROXY", http) }),
    ...(https && { HTTPS_PROXY: proxyUrl("HTTPS_PROXY", https) }),
    NO_PROXY: [...new Set([...direct.filter(Boolean), ...NEVER])].join(","),
  };
}

/** The variables for other programs: some read the upper case alone, some the lower. */
export function inBothCases(proxy: WebProxy | undefined): Record<string, string> {
  const entries = Object.entries(proxy ?? {}) as [string, string][];
  return Object.fromEntries(
    entries.flatMap(([name, value]) => [
      [name, value],
      [name.toLowerCase(), value],
    ]),
  );
}

/** Agents of Node's own that go through the proxy, for the AWS SDK, which looks at no variable. */
export function agentsFor(
  proxy: WebProxy,
  { keepAlive = true } = {},
): { httpAgent: HttpAgent; httpsAgent: HttpsAgent } {
  const options = { keepAlive, maxSockets: 50, proxyEnv: proxy };
  return { httpAgent: new HttpAgent(options), httpsAgent: new HttpsAgent(options) };
}

/**
 * The value of a variable that names a proxy.
 * @throws UsageError that repeats no password
 */
export function proxyUrl(name: string, url: string): string {
  if (/^https?:/.test(url) && URL.canParse(url)) return url;
  throw new UsageError(
    `${name} must be the URL of a proxy, e.g. http://proxy.example.com:3128, got "${url.split("@").at(-1)}"`,
  );
}
