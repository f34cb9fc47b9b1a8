import { expect, test } from "@jest/globals";
import { InstanceRole } from "../../../constructs/compute/instance-role.ts";
import { emptyStack, Synthesized } from "../synthesized.ts";

test("an instance may open a Session Manager session, and nothing else by itself", () => {
  const stack = emptyStack();
  new InstanceRole(stack, "role");
  const synthesized = new Synthesized(stack);
  expect(synthesized.inventory()).toEqual([
    "aws_iam_instance_profile",
    "aws_iam_role",
    "aws_iam_role_policy",
  ]);
  expect(JSON.parse(String(synthesized.one("aws_iam_role_policy").policy)).Statement).toEqual([
    {
      Effect: "Allow",
      Action: [
        "ssm:UpdateInstanceInformation",
        "ssmmessages:CreateControlChannel",
        "ssmmessages:CreateDataChannel",
        "ssmmessages:OpenControlChannel",
        "ssmmessages:OpenDataChannel",
      ],
      Resource: ["*"],
    },
  ]);
});

test("only EC2 may take the role on", () => {
  const stack = emptyStack();
  new InstanceRole(stack, "role");
  expect(JSON.parse(String(new Synthesized(stack).one("aws_iam_role").assume_role_policy)).Statement).toEqual(
    [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "ec2.amazonaws.com" } }],
  );
});

test("each grant is a policy of its own with exactly its actions and resources", () => {
  const stack = emptyStack();
  const role = new InstanceRole(stack, "role");
  role.allow("read-photos", { actions: ["s3:GetObject"], resources: ["arn:aws:s3:::photos/*"] });
  expect(role.policies).toHaveLength(2);
  const policy = new Synthesized(stack).all("aws_iam_role_policy").find(({ name }) => name === "read-photos");
  expect(JSON.parse(String(policy?.policy)).Statement).toEqual([
    { Effect: "Allow", Action: ["s3:GetObject"], Resource: ["arn:aws:s3:::photos/*"] },
  ]);
});

test.each(["*", "s3:*", "s3:Get*"])("the action %s is refused", (action) => {
  const role = new InstanceRole(emptyStack(), "role");
  expect(() => role.allow("photos", { actions: ["s3:PutObject", action], resources: ["*"] })).toThrow(
    `test/role: actions of photos must be exact, got "${action}"; name each action that is needed`,
  );
});
