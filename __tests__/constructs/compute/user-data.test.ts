import { expect, test } from "@jest/globals";
import { TerraformOutput } from "cdktf";
import { userData } from "../../../constructs/compute/user-data.ts";
import { emptyStack, Synthesized } from "../synthesized.ts";

test("settings become lines, encoded by Terraform, which alone knows all values", () => {
  const stack = emptyStack();
  new TerraformOutput(stack, "encoded", {
    value: userData({ PORT: "80", DB_SECRET_ARN: "arn:aws:secretsmanager:x" }),
  });
  expect(new Synthesized(stack).json.output?.encoded?.value).toBe(
    `\${base64encode("PORT=80\\nDB_SECRET_ARN=arn:aws:secretsmanager:x\\n")}`,
  );
});

test.each(["DB_PASSWORD", "API_TOKEN", "SECRET_KEY", "DB_SECRET"])("%s is refused", (key) => {
  expect(() => userData({ [key]: "x" })).toThrow(
    `the app's settings must hold no secret, got ${key}; pass the secret's ARN as DB_SECRET_ARN`,
  );
});
