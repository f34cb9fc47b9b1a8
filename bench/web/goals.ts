import type { Figure, Goal } from "../figure.ts";
import { OPERATIONS } from "./operations.ts";
import { type Aspect, aspectOf, type Round, ratio, typical } from "./rounds.ts";

/** Who is compared. */
export interface Names {
  readonly app: string;
  readonly flask: string;
  readonly raw: string;
}

/** The figures: each operation against both peers, then start and memory against gunicorn's. */
export function figuresOf(rounds: readonly Round[], { app, flask, raw }: Names): Figure[] {
  const against = (what: string, peer: string, aspect: Aspect, unit: string, goal: Goal): Figure => {
    const made = [app, peer].map((name) => `${rounded(typical(rounds, name, aspect))} ${unit}`).join(" / ");
    return { name: `${what}, against ${peer}`, value: ratio(rounds, app, peer, aspect), made, ...goal };
  };
  return [
    ...OPERATIONS.flatMap(({ name }) => [
      against(`${name}: requests/s`, flask, aspectOf(name, "rate"), "/s", { atLeast: 6 }),
      against(`${name}: p99`, flask, aspectOf(name, "p99"), "ms", { atMost: 0.333 }),
      against(`${name}: CPU/request`, flask, aspectOf(name, "cpu"), "ms", { atMost: 0.1 }),
      against(`${name}: requests/s`, raw, aspectOf(name, "rate"), "/s", { atLeast: 0.85 }),
    ]),
    against("start to first 200", flask, ({ toFirst200 }) => toFirst200, "s", { atMost: 1 }),
    against("memory at rest", flask, ({ memoryAtRest }) => memoryAtRest, "MiB", { atMost: 1 }),
    against("memory after load", flask, ({ memoryAfter }) => memoryAfter, "MiB", { atMost: 1 }),
  ];
}

/** What raw Node makes of Flask's requests/s, by operation. An app that does more than raw Node does cannot do better. */
export function ceilings(rounds: readonly Round[], { flask, raw }: Omit<Names, "app">): [string, number][] {
  return OPERATIONS.map(({ name }) => [name, ratio(rounds, raw, flask, aspectOf(name, "rate"))]);
}

/** Three digits that count. */
export function rounded(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
