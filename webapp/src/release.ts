import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The description that a release carries beside its app folder. */
const FILE = join(import.meta.dirname, "../release.json");

/** What this app was released as; without both it runs from its sources. */
export interface Release {
  readonly commit?: string;
  readonly version?: string;
}

/** Reads what this app was released as. A description that is not there or cannot be read says nothing. */
export function readRelease(file = FILE): Release {
  try {
    const { commit, version } = JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;
    return {
      ...(typeof commit === "string" && { commit }),
      ...(typeof version === "string" && { version }),
    };
  } catch {
    return {};
  }
}
