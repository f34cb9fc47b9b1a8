import { type ImageRecord, shortCommit, type Verdict } from "./record.ts";

/** One image in a listing. */
export interface ListedImage extends Pick<ImageRecord, "id" | "createdAt" | "commit"> {
  readonly verdict: Verdict | undefined;
  /** Who refers to it. */
  readonly users: readonly string[];
}

const HEAD = ["IMAGE", "AGE", "COMMIT", "ROLLOUT", "IN USE BY"];
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A table for a person, one line for each image. @param now milliseconds since 1970 */
export function imageTable(images: readonly ListedImage[], now: number): string {
  const rows = images.map(({ id, createdAt, commit, verdict, users }) => [
    id,
    age(now - createdAt),
    shortCommit(commit),
    verdict ?? "-",
    users.join(", ") || "-",
  ]);
  const lines = [HEAD, ...rows];
  const widths = HEAD.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join("");
}

/** "now", "5 min", "3 h", "12 d". */
function age(milliseconds: number): string {
  if (milliseconds < MINUTE) return "now";
  if (milliseconds < HOUR) return `${Math.floor(milliseconds / MINUTE)} min`;
  if (milliseconds < 2 * DAY) return `${Math.floor(milliseconds / HOUR)} h`;
  return `${Math.floor(milliseconds / DAY)} d`;
}
