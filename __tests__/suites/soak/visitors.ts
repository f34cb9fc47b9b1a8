import { Agent, type ClientRequest, request } from "node:http";

/** Something that visitors do; the answer's status, or "aborted". */
type Act = (visitors: Visitors) => Promise<number | "aborted">;

/** One of each twenty requests, and the answer it must get. */
const MIX: readonly (readonly [times: number, act: Act, expected: number | "aborted"])[] = [
  [6, (visitors) => visitors.ask("GET", "/api/entries?limit=20"), 200],
  [3, (visitors) => visitors.ask("GET", "/"), 200],
  [3, (visitors) => visitors.ask("GET", `/api/entries/${visitors.id}`), 200],
  [1, (visitors) => visitors.ask("PUT", `/api/entries/${visitors.id}`, { text: "changed" }), 200],
  [1, (visitors) => visitors.ask("POST", "/api/entries", { text: "kept" }), 201],
  [1, (visitors) => visitors.ask("POST", "/api/entries", { text: " " }), 400],
  [1, (visitors) => visitors.ask("DELETE", "/api/entries/1000000"), 404],
  [1, (visitors) => visitors.ask("GET", "/nowhere"), 404],
  [1, (visitors) => visitors.ask("GET", "/readyz"), 200],
  [
    1,
    (visitors) => visitors.leave("POST", "/api/entries", (outgoing) => outgoing.write('{"text": "')),
    "aborted",
  ],
  [1, (visitors) => visitors.leave("GET", "/api/entries", (outgoing) => outgoing.end()), "aborted"],
];

const ROUND: readonly (readonly [Act, number | "aborted"])[] = MIX.flatMap(([times, act, expected]) =>
  Array.from({ length: times }, () => [act, expected] as const),
);

/** Milliseconds after which a request that got no answer has failed. */
const PATIENCE = 30_000;

/** Visitors of the app, so many at a time, who do everything that visitors do, and some of whom leave before the answer. */
export class Visitors {
  readonly #base: string;
  /** An entry that is there. */
  readonly id: number;
  readonly #atOnce: number;
  #agent: Agent | undefined;

  constructor(base: string, id: number, atOnce: number) {
    this.#base = base;
    this.id = id;
    this.#atOnce = atOnce;
  }

  /** Makes so many requests, then closes all connections. @returns how many had another answer than they must, by what came */
  async make(requests: number): Promise<Record<string, number>> {
    const wrong: Record<string, number> = {};
    this.#agent = new Agent({ keepAlive: true, maxSockets: this.#atOnce });
    let begun = 0;
    const visitor = async () => {
      while (begun < requests) {
        const index = begun++ % ROUND.length;
        const [act, expected] = ROUND[index] ?? ROUND[0] ?? [];
        const got = await act?.(this).catch((error: Error) => error.message);
        if (got === expected) continue;
        const what = `request ${index} of the round: ${got} in place of ${expected}`;
        wrong[what] = (wrong[what] ?? 0) + 1;
      }
    };
    await Promise.all(Array.from({ length: this.#atOnce }, visitor));
    this.#agent.destroy();
    return wrong;
  }

  /** Asks and reads the whole answer. */
  ask(method: string, path: string, body?: object): Promise<number> {
    return new Promise((resolve, reject) => {
      const outgoing = this.#open(method, path);
      outgoing.on("response", (incoming) => {
        incoming.resume().on("error", reject);
        incoming.on("end", () => resolve(incoming.statusCode ?? 0));
      });
      outgoing.on("timeout", () => outgoing.destroy(new Error(`no answer in ${PATIENCE / 1000} s`)));
      outgoing.on("error", reject);
      outgoing.end(body && JSON.stringify(body));
    });
  }

  /** Begins to ask, and closes the connection as soon as what was sent has left. */
  leave(method: string, path: string, begin: (outgoing: ClientRequest) => void): Promise<"aborted"> {
    return new Promise((resolve) => {
      const outgoing = this.#open(method, path);
      outgoing.on("error", () => {});
      outgoing.on("close", () => resolve("aborted"));
      outgoing.on("socket", (socket) => {
        const part = () => setImmediate(() => outgoing.destroy());
        if (socket.connecting) socket.once("connect", part);
        else part();
      });
      begin(outgoing);
    });
  }

  #open(method: string, path: string): ClientRequest {
    const headers = method === "POST" || method === "PUT" ? { "content-type": "application/json" } : {};
    return request(new URL(path, this.#base), {
      ...{ method, headers, timeout: PATIENCE },
      ...(this.#agent && { agent: this.#agent }),
    });
  }
}
