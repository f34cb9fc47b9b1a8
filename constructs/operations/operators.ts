import { IamGroup } from "@cdktf/provider-aws/lib/iam-group/index.js";
import { IamGroupPolicy } from "@cdktf/provider-aws/lib/iam-group-policy/index.js";
import { Construct } from "constructs";
import { physicalName } from "../naming.ts";

export interface OperatorsProps {
  readonly account: string;
  readonly region: string;
  readonly project: string;
  readonly environment: string;
}

/** What cannot be narrowed to a resource: lists and graphs. */
const looking = [
  "autoscaling:DescribeAutoScalingGroups",
  "cloudwatch:DescribeAlarms",
  "cloudwatch:GetMetricData",
  "cloudwatch:ListMetrics",
  "ec2:DescribeInstances",
  "elasticloadbalancing:DescribeLoadBalancers",
  "elasticloadbalancing:DescribeTargetGroups",
  "elasticloadbalancing:DescribeTargetHealth",
  "logs:DescribeLogGroups",
  "rds:DescribeDBInstances",
];

/** What somebody without a second factor may do: get one. */
const enrolling = ["iam:CreateVirtualMFADevice", "iam:EnableMFADevice", "iam:GetUser", "iam:ListMFADevices"];

/** IAM's variable for who asks, as Terraform must read it to leave it alone. */
const ownName = "$${aws:username}";

/**
 * A group for people who watch this environment and replace an instance of it. Without a second factor they may do
 * nothing but set one up. No access keys are made here: who is in the group signs in. Free.
 */
export class Operators extends Construct {
  constructor(scope: Construct, id: string, props: OperatorsProps) {
    super(scope, id);
    const group = new IamGroup(this, "group", { name: physicalName(this, "group", "operators") });
    const policy = (name: string, ...statements: object[]) =>
      new IamGroupPolicy(this, name, {
        name,
        group: group.name,
        policy: JSON.stringify({ Version: "2012-10-17", Statement: statements }),
      });
    policy("look", { Effect: "Allow", Action: looking, Resource: "*" });
    policy("replace", this.replacing(props));
    policy("read-log", this.reading(props));
    policy("second-factor", ...this.secondFactor(props));
  }

  /** The instance of this environment: the group launches another one. */
  private replacing({ account, region, project, environment }: OperatorsProps) {
    return {
      Effect: "Allow",
      Action: ["ec2:TerminateInstances", "ssm:StartSession"],
      Resource: `arn:aws:ec2:${region}:${account}:instance/*`,
      Condition: {
        StringEquals: { "aws:ResourceTag/Project": project, "aws:ResourceTag/Environment": environment },
      },
    };
  }

  private reading({ account, region }: OperatorsProps) {
    return {
      Effect: "Allow",
      Action: ["logs:FilterLogEvents", "logs:GetLogEvents"],
      Resource: `arn:aws:logs:${region}:${account}:log-group:${physicalName(this, "logGroup")}/*`,
    };
  }

  private secondFactor({ account }: OperatorsProps): object[] {
    const own = `arn:aws:iam::${account}:`;
    return [
      {
        Effect: "Allow",
        Action: enrolling,
        Resource: [`${own}mfa/${ownName}`, `${own}user/${ownName}`],
      },
      {
        Effect: "Deny",
        NotAction: enrolling,
        Resource: "*",
        Condition: { BoolIfExists: { "aws:MultiFactorAuthPresent": "false" } },
      },
    ];
  }
}
