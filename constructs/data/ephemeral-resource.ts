import { TerraformElement } from "cdktf";
import type { Construct } from "constructs";

/**
 * A value Terraform reads anew in each run and writes down nowhere: neither plan nor state. The bindings
 * have no class for these blocks.
 */
export class EphemeralResource extends TerraformElement {
  private readonly type: string;
  private readonly config: Readonly<Record<string, unknown>>;

  constructor(scope: Construct, id: string, type: string, config: Readonly<Record<string, unknown>>) {
    super(scope, id);
    this.type = type;
    this.config = config;
  }

  /** The expression of one of its attributes, without `${}`. Only write-only arguments may use it. */
  attribute(name: string): string {
    return `ephemeral.${this.type}.${this.friendlyUniqueId}.${name}`;
  }

  override toTerraform(): unknown {
    return { ephemeral: { [this.type]: { [this.friendlyUniqueId]: this.config } } };
  }
}
