import { expect, test } from "@jest/globals";
import { TerraformOutput } from "cdktf";
import { toEnvironmentFile } from "../../../cli/release/boot/user-data.ts";
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

test("a value that an instance would refuse when it boots is refused before", () => {
  expect(() => userData({ NODE_OPTIONS: "--expose-gc --max-semi-space-size=8" })).toThrow(
    'the setting NODE_OPTIONS must do without spaces and quotes (A-Z a-z 0-9 _ . / : @ % + , = ~ -), got "--expose-gc --max-semi-space-size=8"',
  );
  expect(() => userData({ "log-level": "info" })).toThrow('got "log-level"');
});

test("the same characters are refused by both", () => {
  const characters = Array.from({ length: 0xff }, (_, code) => String.fromCharCode(code + 1));
  const refusedBy = (take: (value: string) => unknown) =>
    characters.filter((character) => {
      try {
        take(`a${character}b`);
        return false;
      } catch {
        return true;
      }
    });
  expect(refusedBy((LEVEL) => userData({ LEVEL }))).toEqual(
    refusedBy((level) => toEnvironmentFile(`LEVEL=${level}`)),
  );
});
