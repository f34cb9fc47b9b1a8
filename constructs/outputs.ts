import { TerraformOutput, type TerraformStack } from "cdktf";

/** What a deploy hands to the outside: name, value, and what it is. */
export interface Output {
  readonly value: string;
  readonly description: string;
}

/** Every output of a stack, under exactly these names. */
export function addOutputs(stack: TerraformStack, outputs: Readonly<Record<string, Output>>): void {
  for (const [name, { value, description }] of Object.entries(outputs)) {
    new TerraformOutput(stack, name, { value, description });
  }
}
