import { DatabaseUnavailable } from "../src/database/unavailable.ts";
import { type Entry, type EntryRepository, pageOf } from "../src/entries/entry.ts";
import { Outdated } from "../src/errors.ts";

/** Entries in memory, for tests. `failure` makes every method reject with it. */
export interface MemoryEntries extends EntryRepository {
  readonly all: Entry[];
  failure: Error | undefined;
}

export const unavailable = new DatabaseUnavailable(new Error("connect ECONNREFUSED 10.0.5.9:3306"));

export function memoryEntries(...texts: string[]): MemoryEntries {
  const at = "2026-01-02T03:04:05.678Z";
  const all: Entry[] = texts.map((text, index) => ({ id: index + 1, text, createdAt: at, updatedAt: at }));
  let last = all.length;
  const answer = async <T>(value: () => T): Promise<T> => {
    if (memory.failure) throw memory.failure;
    return value();
  };
  const memory: MemoryEntries = {
    all,
    failure: undefined,
    list: (selection) =>
      answer(() => {
        const { limit, before, after, search = "" } = selection;
        const upwards = before === undefined && after !== undefined;
        const isWanted = ({ id, text }: Entry) =>
          (before === undefined || id < before) &&
          (!upwards || id > (after ?? 0)) &&
          text.toLowerCase().includes(search.toLowerCase());
        const found = all.filter(isWanted);
        return pageOf((upwards ? found : found.reverse()).slice(0, limit + 1), selection);
      }),
    get: (id) => answer(() => all.find((entry) => entry.id === id)),
    add: ({ text }) =>
      answer(() => {
        const entry = { id: ++last, text, createdAt: at, updatedAt: at };
        all.push(entry);
        return entry;
      }),
    change: (id, { text }, isExpected = () => true) =>
      answer(() => {
        const entry = all.find((candidate) => candidate.id === id);
        if (entry && !isExpected(entry)) throw new Outdated(`Entry ${id} was changed meanwhile.`);
        return entry && Object.assign(entry, { text, updatedAt: "2026-01-02T03:05:00.000Z" });
      }),
    remove: (id, isExpected = () => true) =>
      answer(() => {
        const index = all.findIndex((entry) => entry.id === id);
        const entry = all[index];
        if (entry && !isExpected(entry)) throw new Outdated(`Entry ${id} was changed meanwhile.`);
        if (index >= 0) all.splice(index, 1);
        return index >= 0;
      }),
  };
  return memory;
}
