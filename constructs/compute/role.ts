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

export interface RoleProps {
  /** The service of AWS that takes the role on, for example `ec2.amazonaws.com`. */
  readonly service: string;
  readonly description: string;
  /** When the service may take it on. @default always */
  readonly condition?: Permission["condition"];
}

/** Who something is to AWS: nobody, but for what is granted. Free. */
export class Role extends Construct {
  /** Every grant so far: what runs under the role waits for them before it starts. */
  readonly policies: IamRolePolicy[] = [];
  readonly arn: string;
  protected readonly role: IamRole;

  constructor(scope: Construct, id: string, { service, description, condition }: RoleProps) {
    super(scope, id);
    const statement = {
      ...{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: service } },
      ...(condition && { Condition: condition }),
    };
    this.role = new IamRole(this, "role", {
      namePrefix: physicalName(this, "rolePrefix"),
      description,
      assumeRolePolicy: JSON.stringify({ Version: "2012-10-17", Statement: [statement] }),
    });
    this.arn = this.role.arn;
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
}
