/** One request of a load. */
export interface Ask {
  readonly method: "GET" | "POST";
  readonly path: string;
  /** What is sent, as JSON; what it made is told by its `id` in the answer. */
  readonly body?: (count: number) => object;
}

const times = (count: number, ask: Ask): Ask[] => Array.from({ length: count }, () => ask);

const alive: Ask = { method: "GET", path: "/healthz" };
const list: Ask = { method: "GET", path: "/api/entries" };
const page: Ask = { method: "GET", path: "/" };
const write: Ask = { method: "POST", path: "/api/entries", body: (count) => ({ text: `load ${count}` }) };

/** What a load asks for, again and again in this order. */
export const MIXES = {
  /** Most ask the process, some the database, few write: a write may not be sent twice by the load balancer. */
  process: [...times(12, alive), ...times(5, list), ...times(2, page), write],
  /** Nearly all ask the database, a tenth of them to write. */
  database: [
    write,
    ...times(6, list),
    ...times(2, page),
    alive,
    write,
    ...times(5, list),
    ...times(3, page),
    alive,
  ],
} satisfies Record<string, readonly Ask[]>;

/** The name of a mix. */
export type Mix = keyof typeof MIXES;
