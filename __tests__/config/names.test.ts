import { expect, test } from "@jest/globals";
import { amiParameterName, stateBucketName, stateKey } from "../../config/names.ts";
import { small as dev } from "./sample.ts";

test("the image id is handed over under project and environment", () => {
  expect(amiParameterName(dev)).toBe("/webstead/dev/ami-id");
});

test("environments of one account and region share a bucket, not a state", () => {
  expect(stateBucketName(dev)).toBe("webstead-123456789012-us-east-1-state");
  expect(stateKey(dev)).toBe("dev/terraform.tfstate");
});
