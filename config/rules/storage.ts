import { flag, inSection, type Rule } from "./rule.ts";

/** The fields of `settings/storage.ts`. */
export const storageRules: readonly Rule[] = inSection("storage", [
  flag("storage.photos"),
  flag("storage.directoryTable"),
]);
