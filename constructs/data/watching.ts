import { IamRole } from "@cdktf/provider-aws/lib/iam-role/index.js";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment/index.js";
import type { Construct } from "constructs";
import type { DatabaseSettings } from "../../config/settings/database.ts";
import { physicalName } from "../naming.ts";

/** What RDS tells about a database beyond its metrics: the same for a primary and its replica. */
export interface Watched {
  readonly monitoringInterval?: number;
  readonly monitoringRoleArn?: string;
  readonly performanceInsightsEnabled?: boolean;
  readonly performanceInsightsRetentionPeriod?: number;
}

/** The arguments for what was asked for, with the role that monitoring writes as. */
export function watching(
  scope: Construct,
  { enhancedMonitoring, performanceInsights }: DatabaseSettings,
): Watched {
  return {
    ...(enhancedMonitoring && {
      monitoringInterval: enhancedMonitoring,
      monitoringRoleArn: createMonitoringRole(scope).arn,
    }),
    ...(performanceInsights && { performanceInsightsEnabled: true, performanceInsightsRetentionPeriod: 7 }),
  };
}

/** AWS writes the log group RDSOSMetrics, which all databases of an account share, by its own managed policy only. */
function createMonitoringRole(scope: Construct): IamRole {
  const role = new IamRole(scope, "monitoring-role", {
    namePrefix: physicalName(scope, "rolePrefix", "rds"),
    description: "Writes the database's readings",
    assumeRolePolicy: JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "monitoring.rds.amazonaws.com" } },
      ],
    }),
  });
  new IamRolePolicyAttachment(scope, "monitoring-policy", {
    role: role.name,
    policyArn: "arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole",
  });
  return role;
}
