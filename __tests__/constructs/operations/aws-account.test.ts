import { expect, test } from "@jest/globals";
import { AwsAccount } from "../../../constructs/operations/aws-account.ts";
import { small as dev } from "../../config/sample.ts";
import { synthesize } from "../synthesized.ts";

const account = synthesize((stack) => {
  new AwsAccount(stack, "account", { ...dev, account: "210987654321", region: "eu-west-1" });
});

test("nothing is made in any other account or region", () => {
  expect(account.json.provider?.aws).toEqual([
    expect.objectContaining({ allowed_account_ids: ["210987654321"], region: "eu-west-1" }),
  ]);
});

test("everything is tagged with project and environment", () => {
  expect(account.json.provider?.aws).toEqual([
    expect.objectContaining({ default_tags: [{ tags: { Project: "webstead", Environment: "dev" } }] }),
  ]);
});

test("the state lies encrypted and locked in a bucket of this account and region", () => {
  expect(account.json.terraform?.backend).toEqual({
    s3: {
      bucket: "webstead-210987654321-eu-west-1-state",
      key: "dev/terraform.tfstate",
      region: "eu-west-1",
      encrypt: true,
      use_lockfile: true,
    },
  });
});

test("Terraform and provider are pinned, with an unmistakable source", () => {
  expect(account.json.terraform).toMatchObject({
    required_version: ">= 1.11.0",
    required_providers: { aws: { source: "hashicorp/aws", version: "5.100.0" } },
  });
});

test("one variable switches what must differ on the twin, and is off by default", () => {
  expect(account.json.variable?.local).toMatchObject({ type: "bool", default: false });
  expect(account.json.provider?.aws).toEqual([
    expect.objectContaining({ s3_use_path_style: `\${var.local}`, max_retries: `\${var.local ? 2 : 25}` }),
  ]);
});
