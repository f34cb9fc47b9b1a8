/** What opens the database. */
export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** Least time between two fetches, in milliseconds: a refusing database must not become a flood of API calls. */
const LEAST_INTERVAL = 1000;

/** Credentials that are fetched once and kept, and fetched anew when the database refuses them. */
export class CachedSecret {
  readonly #fetch: () => Promise<Credentials>;
  readonly #now: () => number;
  #current: Promise<Credentials> | undefined;
  #fetchedAt = Number.NEGATIVE_INFINITY;

  constructor(fetch: () => Promise<Credentials>, now: () => number = () => performance.now()) {
    this.#fetch = fetch;
    this.#now = now;
  }

  /** The credentials, fetched on the first call. A failed fetch is not kept: the next call tries again. */
  get(): Promise<Credentials> {
    this.#current ??= this.#start();
    return this.#current;
  }

  /**
   * Credentials other than the refused ones. Callers that were refused together share one fetch; within a
   * second of the last fetch the kept ones are returned.
   */
  async renew(refused: Credentials): Promise<Credentials> {
    const current = await this.get();
    const seenByOthers = current !== refused || this.#now() - this.#fetchedAt < LEAST_INTERVAL;
    if (!seenByOthers) this.#current = this.#start();
    return this.get();
  }

  #start(): Promise<Credentials> {
    this.#fetchedAt = this.#now();
    const fetching = this.#fetch();
    fetching.catch(() => {
      if (this.#current === fetching) this.#current = undefined;
    });
    return fetching;
  }
}

/**
 * Reads the string of the secret, `{"username": "…", "password": "…"}`.
 * @throws Error that names the fault and never quotes the string.
 */
export function parseCredentials(secretString: string | undefined): Credentials {
  let value: unknown;
  try {
    value = JSON.parse(secretString ?? "");
  } catch {
    throw new Error('the secret is not JSON; it must be {"username": "…", "password": "…"}');
  }
  const { username, password } = (value ?? {}) as Partial<Record<string, unknown>>;
  if (typeof username !== "string" || typeof password !== "string" || !username) {
    throw new Error('the secret lacks a field; it must be {"username": "…", "password": "…"}');
  }
  return { username, password };
}
