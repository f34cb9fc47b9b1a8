import { Testing } from "cdktf";
import { loadEnvironments } from "../../config/load.ts";
import { WebAppStack } from "../../constructs/web-app-stack.ts";
import { type StackFile, StackJson } from "../../proofs/stack-json.ts";
import { everything, hosted, resilient, secluded, small } from "../config/sample.ts";

/** The JSON of a sample environment, as text: each test may do to its copy what it likes. */
const texts = Object.fromEntries(
  [small, resilient, secluded, everything, hosted].map((environment) => [
    environment.name,
    Testing.synth(new WebAppStack(Testing.app(), environment.name, environment)),
  ]),
);

/** Every sample, environment and example, as it is. */
export const stacks = [
  ...Object.entries(texts).map(([name, text]) => ({
    name: `sample ${name}`,
    stack: new StackJson(JSON.parse(text)),
  })),
  ...(await loadEnvironments(process.cwd())).map(({ file, environment }) => ({
    name: file,
    stack: new StackJson(
      JSON.parse(Testing.synth(new WebAppStack(Testing.app(), environment.name, environment))),
    ),
  })),
];

/** A block that a test may change. */
export type Draft = Record<string, unknown>;
/** Resources by type and id, to be changed. */
export type Drafts = Record<string, Record<string, Draft>>;

/** The sample `name` after `change`. */
export function changed(name: "dev" | "prod" | "island", change: (resources: Drafts) => void): StackJson {
  const file: StackFile = JSON.parse(texts[name] ?? "");
  change(file.resource as unknown as Drafts);
  return new StackJson(file);
}

/**
 * The block of a type whose id holds `part`.
 * @throws Error when there is none: a mistake that changes nothing proves nothing
 */
export function find(resources: Drafts, type: string, part = ""): Draft {
  const [, block] = Object.entries(resources[type] ?? {}).find(([id]) => id.includes(part)) ?? [];
  if (block === undefined) throw new Error(`no ${type} with "${part}" in its id`);
  return block;
}

/** `${type.id.attribute}` of the resource of a type whose id holds `part`. */
export function reference(resources: Drafts, type: string, part = "", attribute = "id"): string {
  const id = Object.keys(resources[type] ?? {}).find((name) => name.includes(part));
  if (id === undefined) throw new Error(`no ${type} with "${part}" in its id`);
  return `\${${type}.${id}.${attribute}}`;
}
