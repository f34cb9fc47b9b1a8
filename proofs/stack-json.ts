/** A block of Terraform's JSON. */
export type Block = Readonly<Record<string, unknown>>;

/** The file that synth writes for one stack, `cdk.tf.json`, as far as the proofs read it. */
export interface StackFile {
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Block>>>>;
  readonly data?: Readonly<Record<string, Readonly<Record<string, Block>>>>;
  readonly [section: string]: unknown;
}

/** A resource or data source of a stack. */
export interface Resource {
  /** Terraform's type, for example `aws_lb`. */
  readonly type: string;
  /** How expressions name it: `aws_lb.x`, or `data.aws_vpc.x`. */
  readonly address: string;
  /** How people name it: the path of its construct, or its address where none is noted. */
  readonly name: string;
  readonly block: Block;
}

const inExpression = /\b(data\.)?((?:aws|terraform)_\w+)\.([A-Za-z_][\w-]*)(?:\[\d+\])?(?:\.(\w+))?/g;

/** One stack as a set of resources that point to each other. Knows Terraform's syntax, but no AWS. */
export class StackJson {
  readonly file: StackFile;
  readonly resources: readonly Resource[];
  readonly dataSources: readonly Resource[];
  private readonly byAddress: ReadonlyMap<string, Resource>;

  constructor(file: StackFile) {
    this.file = file;
    this.resources = resourcesOf(file.resource, "");
    this.dataSources = resourcesOf(file.data, "data.");
    this.byAddress = new Map(
      [...this.resources, ...this.dataSources].map((resource) => [resource.address, resource]),
    );
  }

  /** Every resource of these types, in the order of the file. */
  all(...types: readonly string[]): Resource[] {
    return this.resources.filter(({ type }) => types.includes(type));
  }

  /** Every resource of a type that a value names anywhere in its expressions, each once. */
  referred(value: unknown, ...types: readonly string[]): Resource[] {
    const found = this.references(value).filter(({ type }) => types.length === 0 || types.includes(type));
    return [...new Set(found)];
  }

  /** The first resource of these types that a value names. */
  target(value: unknown, ...types: readonly string[]): Resource | undefined {
    return this.referred(value, ...types)[0];
  }

  /** Resources of `type` whose field names `target`. */
  pointingTo(target: Resource, type: string, field: string): Resource[] {
    return this.all(type).filter(({ block }) => this.references(block[field]).includes(target));
  }

  /**
   * What a value comes to: itself, or, where it is nothing but the attribute of a resource that spells it out, that
   * attribute's value.
   */
  literal(value: unknown): unknown {
    if (typeof value !== "string") return value;
    const whole = /^\$\{(?:to(?:list|set)\()?([^${}()]+)\)?\}$/.exec(value)?.[1];
    if (whole === undefined) return value;
    const match = new RegExp(`^${inExpression.source}$`).exec(whole);
    const [, data = "", type, id, attribute] = match ?? [];
    const block = this.byAddress.get(`${data}${type}.${id}`)?.block;
    const found = attribute === undefined ? undefined : block?.[attribute];
    return found === undefined ? value : this.literal(found);
  }

  private references(value: unknown): Resource[] {
    return strings(value).flatMap((text) =>
      [...text.matchAll(inExpression)].flatMap(([, data = "", type, id]) => {
        const resource = this.byAddress.get(`${data}${type}.${id}`);
        return resource === undefined ? [] : [resource];
      }),
    );
  }
}

/** Every string in a value, however deep; also those within JSON that is kept as a string. */
export function strings(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(strings);
}

/** A block's field as a list: Terraform's JSON takes a single block for a list of one. */
export function list(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

/** The same, of blocks. */
export function blocks(value: unknown): readonly Block[] {
  return list(value).filter((item): item is Block => typeof item === "object" && item !== null);
}

/** Terraform takes "true" for true. */
export function isTrue(value: unknown): boolean {
  return value === true || value === "true";
}

function resourcesOf(section: StackFile["resource"], prefix: string): Resource[] {
  return Object.entries(section ?? {}).flatMap(([type, resources]) =>
    Object.entries(resources).map(([id, block]) => {
      const address = `${prefix}${type}.${id}`;
      return { type, address, name: pathOf(block) ?? address, block };
    }),
  );
}

/** The construct's path without the stack's own name, from the comment that cdktf leaves. */
function pathOf(block: Block): string | undefined {
  const comment = block["//"] as { metadata?: { path?: string } } | undefined;
  return comment?.metadata?.path?.split("/").slice(1).join("/");
}
