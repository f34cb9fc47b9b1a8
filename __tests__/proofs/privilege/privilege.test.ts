import { describe, expect, test } from "@jest/globals";
import { Testing } from "cdktf";
import type { Environment } from "../../../config/environment.ts";
import { loadEnvironments } from "../../../config/load.ts";
import { WebAppStack } from "../../../constructs/web-app-stack.ts";
import { StackJson } from "../../../proofs/stack-json.ts";
import { everything, small } from "../../config/sample.ts";
import { forcedWildcards } from "./forced.ts";
import { excesses, wildcardsUsed } from "./policies.ts";

const stackOf = (environment: Environment) =>
  new StackJson(JSON.parse(Testing.synth(new WebAppStack(Testing.app(), environment.name, environment))));

const own = (await loadEnvironments(process.cwd())).map(({ environment }) => environment);

test.each([small, everything, ...own])("$name allows no more than is needed", (environment) => {
  expect(excesses(stackOf(environment))).toEqual([]);
});

test("no exception is there that nothing needs", () => {
  const used = new Set([everything, ...own].flatMap((environment) => wildcardsUsed(stackOf(environment))));
  expect(forcedWildcards.map(({ action }) => action).filter((action) => !used.has(action))).toEqual([]);
});

describe("too much is found:", () => {
  const policy = (statement: object) => ({
    aws_iam_role_policy: {
      x: { policy: JSON.stringify({ Statement: [{ Effect: "Allow", ...statement }] }) },
    },
  });
  const trust = (statement: object) => ({
    aws_iam_role: {
      x: { assume_role_policy: JSON.stringify({ Statement: [{ Effect: "Allow", ...statement }] }) },
    },
  });
  const bucket = "arn:aws:s3:::photos";

  test.each([
    ["a wildcard action", policy({ Action: "s3:*", Resource: bucket }), "the action s3:*"],
    ["a part of an action", policy({ Action: ["s3:Get*"], Resource: bucket }), "the action s3:Get*"],
    ["every action but", policy({ NotAction: "iam:*", Resource: bucket }), "NotAction"],
    ["every resource", policy({ Action: ["s3:GetObject"], Resource: "*" }), 's3:GetObject on "*"'],
    ["every resource but", policy({ Action: ["s3:GetObject"], NotResource: bucket }), "NotResource"],
    ["any role passed on", policy({ Action: ["iam:PassRole"], Resource: "*" }), 'iam:PassRole on "*"'],
    ["trust in everybody", trust({ Action: "sts:AssumeRole", Principal: "*" }), "everybody"],
    ["trust in every account", trust({ Action: "sts:AssumeRole", Principal: { AWS: "*" } }), "everybody"],
    [
      "trust in every repository",
      trust({
        Action: "sts:AssumeRoleWithWebIdentity",
        Principal: { Federated: "arn:github" },
        Condition: {},
      }),
      "every repository",
    ],
    ["an access key", { aws_iam_access_key: { x: {} } }, "access key"],
    ["a user", { aws_iam_user: { x: {} } }, "user"],
    [
      "a managed policy that allows all of a service",
      { aws_iam_role_policy_attachment: { x: { policy_arn: "arn:aws:iam::aws:policy/AmazonS3FullAccess" } } },
      "AmazonS3FullAccess",
    ],
    [
      "an administrator",
      {
        aws_iam_role_policy_attachment: { x: { policy_arn: "arn:aws:iam::aws:policy/AdministratorAccess" } },
      },
      "AdministratorAccess",
    ],
    [
      "a bucket that everybody may read",
      {
        aws_s3_bucket_policy: {
          x: {
            policy: JSON.stringify({
              Statement: [{ Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: bucket }],
            }),
          },
        },
      },
      "everybody",
    ],
  ])("%s", (_, resource, found) => {
    expect(excesses(new StackJson({ resource }))).toEqual([expect.stringContaining(found)]);
  });
});
