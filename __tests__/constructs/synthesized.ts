import { TerraformStack, Testing } from "cdktf";
import { nameAfter } from "../../constructs/naming.ts";
import { small as dev } from "../config/sample.ts";

/** A block of Terraform's JSON. */
export type Block = Readonly<Record<string, unknown>>;

/** What a stack became, without cdktf's comments. */
export class Synthesized {
  readonly json: Record<string, Record<string, Record<string, Block>>>;

  constructor(stack: TerraformStack) {
    this.json = JSON.parse(Testing.synth(stack), (key, value) => (key === "//" ? undefined : value));
  }

  /** The type of each resource, once per resource, sorted. */
  inventory(): string[] {
    return Object.entries(this.json.resource ?? {})
      .flatMap(([type, resources]) => Object.keys(resources).map(() => type))
      .sort();
  }

  /** Every resource of a type, in the order of their ids. */
  all(type: string): Block[] {
    return Object.values(this.json.resource?.[type] ?? {});
  }

  /** The only resource of a type. */
  one(type: string): Block {
    const [first, ...others] = this.all(type);
    if (first === undefined || others.length > 0) {
      throw new Error(`expected one ${type}, got ${others.length + (first ? 1 : 0)}`);
    }
    return first;
  }
}

/** Synthesizes what `build` puts into an empty stack, named after the environment `dev`. */
export function synthesize(build: (stack: TerraformStack) => void): Synthesized {
  const stack = emptyStack();
  build(stack);
  return new Synthesized(stack);
}

/** A stack with nothing in it but the names. */
export function emptyStack(): TerraformStack {
  const stack = new TerraformStack(Testing.app(), "test");
  nameAfter(stack, dev);
  return stack;
}
