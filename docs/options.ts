/**
 * `npm run docs`: writes docs/options.md from the types of an environment, so that the table cannot say something else
 * than the code.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");

/** What happens to an environment that is deployed when the field of this path changes; of a section, to all below it. */
const CHANGES: Readonly<Record<string, string>> = {
  project: "data loss",
  name: "data loss",
  account: "elsewhere",
  region: "elsewhere",
  protect: "in place",
  "app.port": "rolling",
  "app.healthCheckPath": "in place",
  "app.source": "rolling",
  "network.cidrBlock": "data loss",
  "network.zones": "data loss",
  "network.tiers": "data loss",
  "network.existingVpc": "data loss",
  network: "in place",
  edge: "in place",
  "edge.cloudFront": "downtime",
  "edge.cloudFront.priceClass": "in place",
  "compute.instanceType": "rolling",
  "compute.rootVolumeSize": "rolling",
  "compute.fargate": "downtime",
  "compute.fargate.cpu": "rolling",
  "compute.fargate.memory": "rolling",
  "compute.fargate.tasks": "in place",
  compute: "in place",
  "database.name": "data loss",
  "database.username": "data loss",
  "database.snapshotIdentifier": "data loss",
  "database.instanceClass": "downtime",
  "database.readReplica": "rolling",
  database: "in place",
  storage: "rolling",
  "operations.customerKey": "data loss",
  operations: "in place",
};

/** A field of an interface, with its docstring. */
interface Field {
  readonly name: string;
  readonly optional: boolean;
  readonly type: string;
  readonly text: string;
  readonly fallback: string;
}

/** The fields of every interface in the settings, by the interface's name. */
function readInterfaces(files: readonly string[]): Map<string, Field[]> {
  const found = new Map<string, Field[]>();
  const unions: [name: string, members: string[]][] = [];
  for (const file of files) {
    const source = readFileSync(join(root, "config", file), "utf8");
    for (const [, name = "", members = ""] of source.matchAll(/^export type (\w+) = ((?:\w+ \| )+\w+);/gm)) {
      unions.push([name, members.split(" | ")]);
    }
    const interfaces = source.matchAll(/^(?:export )?interface (\w+)(?: extends (\w+))? \{\n([\s\S]*?)^\}/gm);
    for (const [, name = "", parent = "", body = ""] of interfaces) {
      const own = [...body.matchAll(/^ {2}\/\*\*([\s\S]*?)\*\/\n {2}readonly (\w+)(\??): ([^;]+);/gm)].map(
        toField,
      );
      found.set(name, [...own, ...(found.get(parent) ?? [])]);
    }
  }
  for (const [name, members] of unions) {
    const fields = members.flatMap((member) => found.get(member) ?? []);
    const first = (field: Field, index: number) =>
      fields.findIndex((one) => one.name === field.name) === index;
    found.set(name, fields.filter(first));
  }
  return found;
}

function toField([, comment = "", name = "", question = "", type = ""]: RegExpMatchArray): Field {
  const text = comment
    .replace(/^\s*\* ?/gm, " ")
    .replace(/\s+/g, " ")
    .trim();
  const [meaning = "", fallback = ""] = text.split(/ ?@default /);
  return {
    name,
    optional: question === "?",
    type: type.replace(/\s+/g, " "),
    text: meaning.trim(),
    fallback,
  };
}

/** One row for each field, sections before what is in them. */
function rows(interfaces: Map<string, Field[]>, name: string, prefix = ""): string[] {
  return (interfaces.get(name) ?? []).flatMap((field) => {
    const path = prefix + field.name;
    const inner = field.type.match(/\b\w+Settings\b/)?.[0] ?? "";
    const isSection = interfaces.has(inner);
    const fallback = field.fallback || (field.optional ? "none" : "must be said");
    const change = isSection && !field.optional && !prefix ? "" : changeOf(path);
    const row = `| \`${path}\` | ${cell(field.text)} | ${isSection && !field.optional ? "" : cell(fallback)} | ${change} |`;
    return [row, ...(isSection ? rows(interfaces, inner, `${path}.`) : [])];
  });
}

/** What a change of the field of this path does, in the words of the page. @throws Error for a path nobody thought of */
export function changeOf(path: string): string {
  const known = CHANGES[path];
  if (known !== undefined) return known;
  const dot = path.lastIndexOf(".");
  if (dot < 0) throw new Error(`docs/options.ts does not say what a change of ${path} does`);
  return changeOf(path.slice(0, dot));
}

/** A bar would end the cell. */
function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}

/** The page as it must be. */
export function optionsPage(): string {
  const files = ["app", "network", "edge", "compute", "database", "storage", "operations"];
  const interfaces = readInterfaces(["environment.ts", ...files.map((file) => `settings/${file}.ts`)]);
  return `# What an environment can ask for

Made from the types in [config/](../config) by \`npm run docs\`. Prices are the list prices of us-east-1, rounded, per
month. Five whole systems, ready to copy, are in [config/examples/](../config/examples).

The last column is what happens to an environment that is deployed when the field changes:
**in place**: nobody notices. **rolling**: a new instance comes before the old one goes. **downtime**: the database
restarts, a minute or with \`multiAz\` less; between instances and tasks, until the first task is healthy, and around
\`edge.cloudFront\` until another load balancer is there. **data loss**: what holds data is made anew; take a snapshot first.
**elsewhere**: another one is made there, and the old one stays.

| field | what it is | default | when changed |
|---|---|---|---|
${rows(interfaces, "Environment").join("\n")}
`;
}

if (process.argv[1] === import.meta.filename) writeFileSync(join(root, "docs/options.md"), optionsPage());
