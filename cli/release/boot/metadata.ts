import { setTimeout as sleep } from "node:timers/promises";

/** Where and how long to ask. Times in milliseconds. */
export interface MetadataOptions {
  /** Base address of the instance metadata service. */
  readonly endpoint: string;
  /** The service may not be up in the first moments of a boot: how long to try. */
  readonly patience: number;
}

const REQUEST_TIMEOUT = 2000;
const FIRST_DELAY = 100;
const LONGEST_DELAY = 2000;

/** The service answered, and asking again will not change the answer. */
class FinalAnswer extends Error {}

/**
 * Reads the user data over IMDSv2: first a session token, then the data with it.
 * @throws Error if there is none, or if the service did not answer within the patience.
 */
export async function readUserData({ endpoint, patience }: MetadataOptions): Promise<string> {
  const end = performance.now() + patience;
  for (let delay = FIRST_DELAY; ; delay = Math.min(delay * 2, LONGEST_DELAY)) {
    try {
      return await readOnce(endpoint);
    } catch (error) {
      if (error instanceof FinalAnswer) throw error;
      if (performance.now() + delay > end) {
        const reason = describe(error);
        throw new Error(`metadata service: no answer from ${endpoint} in ${patience / 1000} s (${reason})`);
      }
    }
    await sleep(delay);
  }
}

async function readOnce(endpoint: string): Promise<string> {
  const token = await ask(new URL("/latest/api/token", endpoint), {
    method: "PUT",
    headers: { "x-aws-ec2-metadata-token-ttl-seconds": "60" },
  });
  return ask(new URL("/latest/user-data", endpoint), { headers: { "x-aws-ec2-metadata-token": token } });
}

async function ask(url: URL, request: RequestInit): Promise<string> {
  const signal = AbortSignal.timeout(REQUEST_TIMEOUT);
  const response = await fetch(url, { ...request, redirect: "error", signal });
  const text = await response.text();
  if (response.ok) return text;
  if (response.status === 404)
    throw new FinalAnswer(`metadata service: this instance has no ${url.pathname}`);
  throw new Error(`${url.pathname} answered ${response.status}`);
}

function describe(error: unknown): string {
  // fetch hides what happened in the cause of its "fetch failed".
  const { message, cause } = error as Error & { cause?: NodeJS.ErrnoException };
  return cause?.code ?? message;
}
