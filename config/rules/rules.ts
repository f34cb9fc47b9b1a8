import { appSourceRules } from "./app-source.ts";
import { computeRules } from "./compute.ts";
import { databaseRules } from "./database.ts";
import { edgeRules } from "./edge.ts";
import { environmentRules } from "./environment.ts";
import { networkRules } from "./network.ts";
import { operationsRules } from "./operations.ts";
import type { Rule } from "./rule.ts";
import { storageRules } from "./storage.ts";

/** Every rule, in the order of the fields. */
export const rules: readonly Rule[] = [
  ...environmentRules,
  ...appSourceRules,
  ...networkRules,
  ...edgeRules,
  ...computeRules,
  ...databaseRules,
  ...storageRules,
  ...operationsRules,
];
