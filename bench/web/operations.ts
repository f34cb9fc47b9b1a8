/** Something that users ask for, and that every app under comparison can do. */
export interface Operation {
  /** In a few words, for the table. */
  readonly name: string;
  readonly method: "GET" | "POST";
  readonly path: string;
  /** JSON that is sent. */
  readonly body?: string;
  /** The status of the answer. */
  readonly status: number;
}

/** Entries on a page. */
export const LISTED = 20;

/** What is measured, in this order. */
export const OPERATIONS: readonly Operation[] = [
  { name: `list of ${LISTED}`, method: "GET", path: `/api/entries?limit=${LISTED}`, status: 200 },
  { name: "one entry", method: "GET", path: "/api/entries/500", status: 200 },
  { name: "page", method: "GET", path: `/?limit=${LISTED}`, status: 200 },
  {
    name: "create",
    method: "POST",
    path: "/api/entries",
    body: JSON.stringify({ text: 'A new entry, <i>with</i> "this" & that, as one might write it.' }),
    status: 201,
  },
];
