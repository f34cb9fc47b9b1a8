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

/** A stored entry. Times are ISO 8601 in UTC. */
export const Entry = Type.Object({
  id: Type.Integer(),
  text: Type.String(),
  createdAt: Type.String(),
  updatedAt: Type.String(),
});
export type Entry = Static<typeof Entry>;

/** Newest first. `next` is the `before` of the following page, null on the last one. */
export const EntryPage = Type.Object({
  entries: Type.Array(Entry),
  next: Type.Union([Type.Integer(), Type.Null()]),
});
export type EntryPage = Static<typeof EntryPage>;

/** What the form of an entry that is there sends: also the tag of what its user read. */
export const EntryForm = Type.Object({ ...EntryInput.properties, tag: Type.Optional(Type.String()) });

export const EntryParams = Type.Object({ id: Type.String({ pattern: WHOLE_NUMBER }) });

/** Which part of the list: up to `limit` entries (1 to 100) older than the entry `before`. */
export const EntryQuery = Type.Object({
  before: Type.Optional(Type.String({ pattern: WHOLE_NUMBER })),
  limit: Type.Optional(Type.String({ pattern: UP_TO_HUNDRED })),
});
export type EntryQuery = Static<typeof EntryQuery>;

/** Whether an entry is what somebody takes it for. */
export type Expectation = (entry: Entry) => boolean;

/** Headers by which a client says what it takes the entry for. */
export const EntryConditions = Type.Object({
  "if-match": Type.Optional(Type.String({ description: "Tags that an earlier answer had in ETag, or *" })),
});

/** Where entries are kept. Every method rejects with DatabaseUnavailable while the database does not answer. */
export interface EntryRepository {
  /** @param options.newest whether a replica, which may be some seconds behind, will not do */
  list(options: {
    readonly limit: number;
    readonly before?: number;
    readonly newest?: boolean;
  }): Promise<EntryPage>;
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

/** The options of a list from a validated query string. */
export function listOptions(query: EntryQuery): { limit: number; before?: number } {
  const limit = query.limit === undefined ? PAGE_SIZE : Number(query.limit);
  return query.before === undefined ? { limit } : { limit, before: Number(query.before) };
}
