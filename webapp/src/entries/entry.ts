import { type Static, Type } from "typebox";

/** Longest text of an entry, in characters. The column is as wide. */
export const LONGEST_TEXT = 1000;

/** Entries on one page when the caller does not say. */
export const PAGE_SIZE = 50;

/** At least one character that is no white space, and no NUL, which no page and no JSON reader likes. */
export const NOT_BLANK = "^\\s*[^\\s\\u0000][^\\u0000]*$";

/** A positive whole number that a JavaScript number holds exactly. */
export const WHOLE_NUMBER = "^[1-9][0-9]{0,14}$";

/** A whole number from 1 to 100. */
export const UP_TO_HUNDRED = "^(?:[1-9][0-9]?|100)$";

/** What a client sends to make or change an entry. */
export const EntryInput = Type.Object({
  text: Type.String({ minLength: 1, maxLength: LONGEST_TEXT, pattern: NOT_BLANK }),
});
export type EntryInput = Static<typeof EntryInput>;

/** When something happened: ISO 8601, in UTC. */
export const Time = Type.String({ format: "date-time" });

/** A stored entry. */
export const Entry = Type.Object(
  { id: Type.Integer(), text: Type.String(), createdAt: Time, updatedAt: Time },
  { description: "The entry" },
);
export type Entry = Static<typeof Entry>;

/** Newest first. `next` is the `before` of the page of older ones, `previous` the `after` of newer ones; null: none. */
export const EntryPage = Type.Object(
  {
    entries: Type.Array(Entry),
    next: Type.Union([Type.Integer(), Type.Null()], { description: "`before` of the page of older ones" }),
    previous: Type.Union([Type.Integer(), Type.Null()], { description: "`after` of the page of newer ones" }),
  },
  { description: "A page of entries" },
);
export type EntryPage = Static<typeof EntryPage>;

/** What the form of an entry that is there sends: also the tag of what its user read. */
export const EntryForm = Type.Object({ ...EntryInput.properties, tag: Type.Optional(Type.String()) });

export const EntryParams = Type.Object({ id: Type.String({ pattern: WHOLE_NUMBER }) });
export type EntryParams = Static<typeof EntryParams>;

/** Longest text to search for, in characters. */
export const LONGEST_SEARCH = 100;

/**
 * Which part of the list: up to `limit` entries (1 to 100) next to the entry `before` (older ones) or `after` (newer
 * ones) in whose text `search` is.
 */
export const EntryQuery = Type.Object({
  before: Type.Optional(Type.String({ description: "Only older ones than this id", pattern: WHOLE_NUMBER })),
  after: Type.Optional(Type.String({ description: "Only newer ones than this id", pattern: WHOLE_NUMBER })),
  search: Type.Optional(
    Type.String({ description: "Part of the text, in any case", maxLength: LONGEST_SEARCH }),
  ),
  limit: Type.Optional(
    Type.String({ description: `How many at most; ${PAGE_SIZE} without it`, pattern: UP_TO_HUNDRED }),
  ),
});
export type EntryQuery = Static<typeof EntryQuery>;

/** Whether an entry is what somebody takes it for. */
export type Expectation = (entry: Entry) => boolean;

/** Which entries a list is of. With neither `before` nor `after` the newest. */
export interface EntrySelection {
  readonly limit: number;
  /** The nearest ones that are older than this entry. */
  readonly before?: number;
  /** The nearest ones that are newer than this entry. Without effect beside `before`. */
  readonly after?: number;
  /** Part of their text, in any case. */
  readonly search?: string;
  /** Whether a replica, which may be some seconds behind, will not do. Default false. */
  readonly newest?: boolean;
}

/** Where entries are kept. Every method rejects with DatabaseUnavailable while the database does not answer. */
export interface EntryRepository {
  list(selection: EntrySelection): Promise<EntryPage>;
  get(id: number): Promise<Entry | undefined>;
  add(input: EntryInput): Promise<Entry>;
  /**
   * Resolves to undefined if there is no such entry.
   * @param isExpected asked of the entry as it is, while nobody else can change it; false rejects with Outdated
   */
  change(id: number, input: EntryInput, isExpected?: Expectation): Promise<Entry | undefined>;
  /** Resolves to false if there is no such entry. `isExpected` as for a change. */
  remove(id: number, isExpected?: Expectation): Promise<boolean>;
}

/** The selection of a list from a validated query string. A search for nothing is none. */
export function listOptions({ limit, before, after, search }: EntryQuery): EntrySelection {
  return {
    limit: limit === undefined ? PAGE_SIZE : Number(limit),
    ...(before !== undefined && { before: Number(before) }),
    ...(after !== undefined && { after: Number(after) }),
    ...(search?.trim() && { search: search.trim() }),
  };
}

/** A page of entries from up to one more than its limit, in the order in which they were looked for. */
export function pageOf(found: readonly Entry[], { limit, before, after }: EntrySelection): EntryPage {
  const more = found.length > limit;
  const upwards = before === undefined && after !== undefined;
  const near = found.slice(0, limit);
  const entries = upwards ? near.reverse() : near;
  const first = entries.at(0)?.id ?? null;
  const last = entries.at(-1)?.id ?? null;
  // Where one came from there was something: the entry that the page begins behind.
  return upwards
    ? { entries, next: last, previous: more ? first : null }
    : { entries, next: more ? last : null, previous: before === undefined ? null : first };
}
