import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group/index.js";
import { FlowLog as VpcFlowLog } from "@cdktf/provider-aws/lib/flow-log/index.js";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role/index.js";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy/index.js";
import type { Vpc } from "@cdktf/provider-aws/lib/vpc/index.js";
import { Construct } from "constructs";
import type { FlowLogSettings } from "../../config/settings/network.ts";
import { physicalName } from "../naming.ts";

export interface FlowLogProps extends FlowLogSettings {
  readonly vpc: Vpc;
}

/** Who talked to whom in the VPC, and what was refused. About $0.50 per GB. */
export class FlowLog extends Construct {
  constructor(scope: Construct, id: string, { vpc, retentionDays }: FlowLogProps) {
    super(scope, id);
    const group = new CloudwatchLogGroup(this, "log-group", {
      name: physicalName(this, "logGroup", "flows"),
      retentionInDays: retentionDays,
    });
    new VpcFlowLog(this, "flow-log", {
      vpcId: vpc.id,
      trafficType: "ALL",
      logDestination: group.arn,
      iamRoleArn: this.createRole(group).arn,
      tags: { Name: physicalName(this, "tag", "flows") },
    });
  }

  private createRole(group: CloudwatchLogGroup): IamRole {
    const role = new IamRole(this, "role", {
      namePrefix: physicalName(this, "rolePrefix", "flows"),
      description: "Writes the VPC's flow log",
      assumeRolePolicy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Action: "sts:AssumeRole",
            Principal: { Service: "vpc-flow-logs.amazonaws.com" },
          },
        ],
      }),
    });
    new IamRolePolicy(this, "write", {
      name: "write-flow-log",
      role: role.id,
      policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
            Resource: [`${group.arn}:*`],
          },
        ],
      }),
    });
    return role;
  }
}
