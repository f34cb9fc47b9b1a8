import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group/index.js";
import { Construct } from "constructs";
import type { Role } from "../compute/role.ts";
import { physicalName } from "../naming.ts";

export interface AppLogProps {
  /** Days a line is kept. */
  readonly retentionDays: number;
  /** ARN of the key it is encrypted with. @default CloudWatch's own */
  readonly keyArn?: string | undefined;
}

/** The app's log, owned by the stack: a group that AWS makes by itself would survive a destroy. $0.50 per GB. */
export class AppLog extends Construct {
  readonly group: CloudwatchLogGroup;

  constructor(scope: Construct, id: string, { retentionDays, keyArn }: AppLogProps) {
    super(scope, id);
    this.group = new CloudwatchLogGroup(this, "log-group", {
      name: physicalName(this, "logGroup", "app"),
      retentionInDays: retentionDays,
      ...(keyArn && { kmsKeyId: keyArn }),
    });
  }

  /** Lets the role write lines to this group and no other. */
  grantWrite(role: Role): void {
    role.allow("write-log", {
      actions: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
      resources: [`${this.group.arn}:*`],
    });
  }
}
