import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The description that a release carries beside its app folder. */
const FILE = join(import.meta.dirname, "../release.json");

/** The commit this app was released from; undefined when it runs from its sources. */
export function releasedCommit(file = FILE): string | undefined {
  try {
    const { commit } = JSON.parse(readFileSync(file, "utf8")) as { commit?: unknown };
    return typeof commit === "string" ? commit : undefined;
  } catch {
    return undefined;
  }
}
