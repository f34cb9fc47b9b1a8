import { IamInstanceProfile } from "@cdktf/provider-aws/lib/iam-instance-profile/index.js";
import type { Construct } from "constructs";
import { physicalName } from "../naming.ts";
import { Role } from "./role.ts";

/** Where the image's agent writes: see Ansible's role `cloudwatch_agent`. */
const metricsNamespace = "Webstead";

/** Who the instance is to AWS: nobody, but for what is allowed here and what others grant. Free. */
export class InstanceRole extends Role {
  readonly profile: IamInstanceProfile;

  constructor(scope: Construct, id: string) {
    super(scope, id, { service: "ec2.amazonaws.com", description: "What the app's instance may do" });
    this.profile = new IamInstanceProfile(this, "profile", {
      namePrefix: physicalName(this, "instanceProfilePrefix"),
      role: this.role.name,
    });
    this.allowSessionManager();
  }

  /** Lets the image's agent tell how much memory and disk is used. */
  allowMetrics(): void {
    this.allow("write-metrics", {
      actions: ["cloudwatch:PutMetricData"],
      resources: ["*"],
      condition: { StringEquals: { "cloudwatch:namespace": metricsNamespace } },
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
