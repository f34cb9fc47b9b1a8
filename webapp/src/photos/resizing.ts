/** Most pixels of a picture that is taken: what is decoded takes up to eight bytes for each. */
export const MOST_PIXELS = 30_000_000;

/** Exit codes of resizer.ts. */
export const NO_PICTURE = 3;
export const TOO_MANY_PIXELS = 4;
