/** A resource's arguments, as cdk.tf.json has them. */
export type Arguments = Readonly<Record<string, unknown>>;

/** A synthesized stack, read generically: what refers to what, by Terraform's own expressions. */
export class Stack {
  private readonly resources: Readonly<Record<string, Readonly<Record<string, Arguments>>>>;

  constructor(json: { readonly resource?: Stack["resources"] }) {
    this.resources = json.resource ?? {};
  }

  /** Address and arguments of every resource of a type. */
  all(type: string): [address: string, Arguments][] {
    return Object.entries(this.resources[type] ?? {}).map(([name, found]) => [`${type}.${name}`, found]);
  }

  /** The arguments of the resource at an address. */
  at(address: string): Arguments | undefined {
    const [type = "", name = ""] = address.split(".");
    return this.resources[type]?.[name];
  }
}

/** "${aws_subnet.a.id}" is a reference to aws_subnet.a; undefined for what refers to nothing. */
export function referenced(value: unknown): string | undefined {
  return /^\$\{(aws_\w+\.[\w-]+)\./.exec(String(value))?.[1];
}

/** Every reference of a list. */
export function allReferenced(values: unknown): string[] {
  return (Array.isArray(values) ? values : []).flatMap((value) => referenced(value) ?? []);
}
