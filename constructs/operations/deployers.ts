import { IamOpenidConnectProvider } from "@cdktf/provider-aws/lib/iam-openid-connect-provider/index.js";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role/index.js";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy/index.js";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment/index.js";
import { Construct } from "constructs";
import type { DeployerSettings } from "../../config/settings/operations.ts";
import { physicalName } from "../naming.ts";

export interface DeployersProps extends DeployerSettings {
  /** S3 bucket of the Terraform state, and the object in it. */
  readonly state: { readonly bucket: string; readonly key: string };
}

const issuer = "token.actions.githubusercontent.com";

/**
 * Two roles that runs of a GitHub repository take on, without any key: `plan` for every pull request, which may read
 * the state and hold its lock; `apply` for the one branch. Free.
 */
export class Deployers extends Construct {
  constructor(scope: Construct, id: string, props: DeployersProps) {
    super(scope, id);
    const {
      githubRepository: repository,
      branch = "main",
      planPolicyArns = [],
      applyPolicyArns = [],
    } = props;
    const provider = new IamOpenidConnectProvider(this, "github", {
      url: `https://${issuer}`,
      clientIdList: ["sts.amazonaws.com"],
    });
    const plan = this.createRole("plan", provider.arn, `repo:${repository}:pull_request`);
    const apply = this.createRole("apply", provider.arn, `repo:${repository}:ref:refs/heads/${branch}`);
    this.allowState(plan, "plan", props.state, ["s3:GetObject"]);
    this.allowState(apply, "apply", props.state, ["s3:GetObject", "s3:PutObject"]);
    this.attach(plan, "plan", planPolicyArns);
    this.attach(apply, "apply", applyPolicyArns);
  }

  private attach(role: IamRole, name: string, policyArns: readonly string[]): void {
    policyArns.forEach((policyArn, index) => {
      new IamRolePolicyAttachment(this, `${name}-policy-${index + 1}`, { role: role.name, policyArn });
    });
  }

  private createRole(name: string, providerArn: string, subject: string): IamRole {
    return new IamRole(this, `${name}-role`, {
      namePrefix: physicalName(this, "rolePrefix", name),
      description: `Runs on GitHub: ${name}`,
      assumeRolePolicy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Action: "sts:AssumeRoleWithWebIdentity",
            Principal: { Federated: providerArn },
            Condition: {
              StringEquals: { [`${issuer}:aud`]: "sts.amazonaws.com", [`${issuer}:sub`]: subject },
            },
          },
        ],
      }),
    });
  }

  /** Terraform's lock is an object beside the state: a plan too puts and deletes it. */
  private allowState(
    role: IamRole,
    name: string,
    { bucket, key }: DeployersProps["state"],
    onState: readonly string[],
  ): void {
    const bucketArn = `arn:aws:s3:::${bucket}`;
    const statements = [
      { Effect: "Allow", Action: ["s3:ListBucket"], Resource: [bucketArn] },
      { Effect: "Allow", Action: onState, Resource: [`${bucketArn}/${key}`] },
      {
        Effect: "Allow",
        Action: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
        Resource: [`${bucketArn}/${key}.tflock`],
      },
    ];
    new IamRolePolicy(this, `${name}-state`, {
      name: "state",
      role: role.id,
      policy: JSON.stringify({ Version: "2012-10-17", Statement: statements }),
    });
  }
}
