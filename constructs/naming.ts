import type { Construct } from "constructs";
import type { Environment } from "../config/environment.ts";

/** What AWS takes as a name of one kind of thing. */
interface NameRule {
  /** Longest name. For prefixes: without the 26 characters Terraform appends. */
  readonly max: number;
  /** The whole name must match. */
  readonly pattern: RegExp;
  /** Between the parts. @default "-" */
  readonly separator?: string;
  /** Before the first part. @default "" */
  readonly start?: string;
  /** After the last part. @default "" */
  readonly end?: string;
}

const lettersAndHyphens = /^[a-z](-?[a-z0-9])*-?$/;

/** AWS's length and character rules, from the API reference of each Create call. */
const nameRules = {
  autoScalingGroup: { max: 255, pattern: /^[^:]+$/ },
  alarm: { max: 255, pattern: /^[^\p{Cc}]+$/u },
  bucketPrefix: { max: 37, pattern: lettersAndHyphens, end: "-" },
  cluster: { max: 255, pattern: /^[\w-]+$/ },
  dashboard: { max: 255, pattern: /^[\w-]+$/ },
  databaseIdentifier: { max: 63, pattern: lettersAndHyphens },
  databaseParameterGroupPrefix: { max: 229, pattern: lettersAndHyphens, end: "-" },
  databaseSubnetGroupPrefix: { max: 229, pattern: lettersAndHyphens, end: "-" },
  instanceProfilePrefix: { max: 102, pattern: lettersAndHyphens, end: "-" },
  group: { max: 128, pattern: /^[\w+=,.@-]+$/ },
  keyAlias: { max: 256, pattern: /^alias\/(?!aws\/)[\w/-]+$/, separator: "/", start: "alias/" },
  launchTemplatePrefix: { max: 99, pattern: lettersAndHyphens, end: "-" },
  loadBalancer: { max: 32, pattern: /^(?!internal-)[a-z](-?[a-z0-9])*$/ },
  logGroup: { max: 512, pattern: /^[\w./#-]+$/, separator: "/", start: "/" },
  rolePrefix: { max: 38, pattern: lettersAndHyphens, end: "-" },
  secretPrefix: { max: 486, pattern: /^[\w/+=.@-]+$/, separator: "/", end: "-" },
  securityGroupPrefix: { max: 229, pattern: /^(?!sg-)[\w .:/()#,@[\]+=&;{}!$*-]+$/, end: "-" },
  service: { max: 255, pattern: /^[\w-]+$/ },
  snapshot: { max: 255, pattern: /^[^:]+$/ },
  table: { max: 255, pattern: /^[\w.-]+$/ },
  tag: { max: 256, pattern: /^[\w .:/=+@-]+$/ },
  taskFamily: { max: 255, pattern: /^[\w-]+$/ },
  topic: { max: 256, pattern: /^[\w-]+$/ },
  trail: { max: 128, pattern: /^[a-z0-9](?:[._-]?[a-z0-9])+$/i },
  vpcOrigin: { max: 64, pattern: /^[\w-]+$/ },
  webAcl: { max: 128, pattern: /^[\w-]+$/ },
} satisfies Record<string, NameRule>;

/** A kind of thing that AWS wants a name for; `…Prefix` where Terraform makes the rest of it unique. */
export type NameKind = keyof typeof nameRules;

const contextKey = "names";

/** Makes `physicalName` work below `scope`. Call it before anything is made there. */
export function nameAfter(scope: Construct, { project, name }: Pick<Environment, "project" | "name">): void {
  scope.node.setContext(contextKey, [project, name]);
}

/**
 * The name AWS knows a thing by: project, environment and `parts`, put together as its kind demands.
 * @throws Error when the outcome breaks AWS's rule for this kind
 */
export function physicalName(scope: Construct, kind: NameKind, ...parts: string[]): string {
  const rule: NameRule = nameRules[kind];
  const { max, pattern, separator = "-", start = "", end = "" } = rule;
  const context: readonly string[] = scope.node.getContext(contextKey);
  const name = start + [...context, ...parts].join(separator) + end;
  // A token stands for a value that only Terraform knows: its length and characters are not the name's.
  const isKnown = !name.includes("${");
  if (isKnown && (name.length > max || !pattern.test(name))) {
    throw new Error(
      `${kind} must have at most ${max} characters and match ${pattern.source}, got "${name}"; change project or name of the environment`,
    );
  }
  return name;
}

/** Target groups leave six characters for a prefix: as much of the environment's name as fits, then `-`. */
export function targetGroupNamePrefix(scope: Construct): string {
  const [, environment = ""]: readonly string[] = scope.node.getContext(contextKey);
  return `${environment.slice(0, 5).replace(/-$/, "")}-`;
}
