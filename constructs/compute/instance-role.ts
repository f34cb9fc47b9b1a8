import { IamInstanceProfile } from "@cdktf/provider-aws/lib/iam-instance-profile/index.js";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role/index.js";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy/index.js";
import { Construct } from "constructs";
import { physicalName } from "../naming.ts";

/** Exactly these actions on exactly these things. */
export interface Permission {
  readonly actions: readonly string[];
  /** ARNs, or `["*"]` for the few actions that know no resource. */
  readonly resources: readonly string[];
  /** When it holds only. @default always */
  readonly condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** Who the instance is to AWS: nobody, but for what is allowed here and what others grant. Free. */
export class InstanceRole extends Construct {
  readonly profile: IamInstanceProfile;
  /** Every grant so far: an instance waits for them before it starts. */
  readonly policies: IamRolePolicy[] = [];
  private readonly role: IamRole;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.role = this.createRole();
    this.profile = new IamInstanceProfile(this, "profile", {
      namePrefix: physicalName(this, "instanceProfilePrefix"),
      role: this.role.name,
    });
    this.allowSessionManager();
  }

  /**
   * Adds a policy of its own to the role; `id` names what it is for.
   * @throws Error for an action with a wildcard
   */
  allow(id: string, { actions, resources, condition }: Permission): void {
    const wildcard = actions.find((action) => action.includes("*"));
    if (wildcard !== undefined) {
      throw new Error(
        `${this.node.path}: actions of ${id} must be exact, got "${wildcard}"; name each action that is needed`,
      );
    }
    const statement = {
      ...{ Effect: "Allow", Action: actions, Resource: resources },
      ...(condition && { Condition: condition }),
    };
    this.policies.push(
      new IamRolePolicy(this, id, {
        name: id,
        role: this.role.id,
        policy: JSON.stringify({ Version: "2012-10-17", Statement: [statement] }),
      }),
    );
  }

  private createRole(): IamRole {
    return new IamRole(this, "role", {
      namePrefix: physicalName(this, "rolePrefix"),
      description: "What the app's instance may do",
      assumeRolePolicy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "ec2.amazonaws.com" } },
        ],
      }),
    });
  }

  /**
   * A shell without SSH. AWS's managed policy for it (AmazonSSMManagedInstanceCore) would also let the
   * instance read every parameter in the account; these five are what a session needs, and none of them
   * can be narrowed to a resource.
   * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-add-permissions-to-existing-profile.html
   */
  private allowSessionManager(): void {
    this.allow("session-manager", {
      actions: [
        "ssm:UpdateInstanceInformation",
        "ssmmessages:CreateControlChannel",
        "ssmmessages:CreateDataChannel",
        "ssmmessages:OpenControlChannel",
        "ssmmessages:OpenDataChannel",
      ],
      resources: ["*"],
    });
  }
}
