/** An action that AWS ties to no resource, so that its policy must say "*". */
export interface ForcedWildcard {
  readonly action: string;
  readonly reason: string;
}

const list = "a listing has no resource";

/** Every action that any stack allows on "*". */
export const forcedWildcards: readonly ForcedWildcard[] = [
  { action: "autoscaling:DescribeAutoScalingGroups", reason: list },
  { action: "cloudwatch:DescribeAlarms", reason: list },
  { action: "cloudwatch:GetMetricData", reason: "metrics have no ARN" },
  { action: "cloudwatch:ListMetrics", reason: list },
  { action: "cloudwatch:PutMetricData", reason: "metrics have no ARN; a condition names the one namespace" },
  { action: "ec2:DescribeInstances", reason: list },
  { action: "ecr:GetAuthorizationToken", reason: "the token is the registry's, and a registry has no ARN" },
  { action: "elasticloadbalancing:DescribeLoadBalancers", reason: list },
  { action: "elasticloadbalancing:DescribeTargetGroups", reason: list },
  { action: "elasticloadbalancing:DescribeTargetHealth", reason: list },
  { action: "logs:DescribeLogGroups", reason: list },
  { action: "rds:DescribeDBInstances", reason: list },
  { action: "ssm:UpdateInstanceInformation", reason: "Session Manager's agent names no resource" },
  { action: "ssmmessages:CreateControlChannel", reason: "Session Manager's channels have no ARN" },
  { action: "ssmmessages:CreateDataChannel", reason: "Session Manager's channels have no ARN" },
  { action: "ssmmessages:OpenControlChannel", reason: "Session Manager's channels have no ARN" },
  { action: "ssmmessages:OpenDataChannel", reason: "Session Manager's channels have no ARN" },
];
