import { DeleteAutoScalingGroupCommand } from "@aws-sdk/client-auto-scaling";
import { DeleteLogGroupCommand } from "@aws-sdk/client-cloudwatch-logs";
import {
  DeleteInternetGatewayCommand,
  DeleteLaunchTemplateCommand,
  DeleteNatGatewayCommand,
  DeleteNetworkInterfaceCommand,
  DeleteRouteTableCommand,
  DeleteSecurityGroupCommand,
  DeleteSnapshotCommand,
  DeleteSubnetCommand,
  DeleteVolumeCommand,
  DeleteVpcCommand,
  DeleteVpcEndpointsCommand,
  DeregisterImageCommand,
  DescribeInternetGatewaysCommand,
  DescribeRouteTablesCommand,
  DetachInternetGatewayCommand,
  DisassociateRouteTableCommand,
  ReleaseAddressCommand,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import {
  DeleteClusterCommand,
  DeleteServiceCommand,
  DeregisterTaskDefinitionCommand,
} from "@aws-sdk/client-ecs";
import {
  DeleteLoadBalancerCommand,
  DeleteTargetGroupCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import {
  DeleteInstanceProfileCommand,
  DeletePolicyCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetInstanceProfileCommand,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
  RemoveRoleFromInstanceProfileCommand,
} from "@aws-sdk/client-iam";
import {
  DeleteDBInstanceCommand,
  DeleteDBParameterGroupCommand,
  DeleteDBSubnetGroupCommand,
} from "@aws-sdk/client-rds";
import { DeleteSecretCommand } from "@aws-sdk/client-secrets-manager";
import { DeleteParameterCommand } from "@aws-sdk/client-ssm";
import type { Clients } from "../cloud.ts";

/** How one resource of a kind is removed, by its id. The order is the one in which nothing holds on to the next. */
export function removals(clients: Clients): Record<string, (id: string) => Promise<unknown>> {
  const { autoScaling, ec2, ecs, iam, loadBalancing, logs, rds, secrets, ssm } = clients;
  return {
    "Auto Scaling groups": (id) =>
      autoScaling.send(new DeleteAutoScalingGroupCommand({ AutoScalingGroupName: id, ForceDelete: true })),
    "ECS services": (id) => removeService(clients, id),
    "ECS clusters": (id) => ecs.send(new DeleteClusterCommand({ cluster: id })),
    "task definitions": (id) => ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition: id })),
    instances: (id) => ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] })),
    "load balancers": (id) => loadBalancing.send(new DeleteLoadBalancerCommand({ LoadBalancerArn: id })),
    "target groups": (id) => loadBalancing.send(new DeleteTargetGroupCommand({ TargetGroupArn: id })),
    "launch templates": (id) => ec2.send(new DeleteLaunchTemplateCommand({ LaunchTemplateId: id })),
    databases: (id) =>
      rds.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier: id, SkipFinalSnapshot: true })),
    "database subnet groups": (id) => rds.send(new DeleteDBSubnetGroupCommand({ DBSubnetGroupName: id })),
    "database parameter groups": (id) =>
      rds.send(new DeleteDBParameterGroupCommand({ DBParameterGroupName: id })),
    images: (id) => ec2.send(new DeregisterImageCommand({ ImageId: id })),
    snapshots: (id) => ec2.send(new DeleteSnapshotCommand({ SnapshotId: id })),
    volumes: (id) => ec2.send(new DeleteVolumeCommand({ VolumeId: id })),
    "NAT gateways": (id) => ec2.send(new DeleteNatGatewayCommand({ NatGatewayId: id })),
    "elastic addresses": (id) => ec2.send(new ReleaseAddressCommand({ AllocationId: id })),
    "VPC endpoints": (id) => ec2.send(new DeleteVpcEndpointsCommand({ VpcEndpointIds: [id] })),
    "network interfaces": (id) => ec2.send(new DeleteNetworkInterfaceCommand({ NetworkInterfaceId: id })),
    "security groups": (id) => ec2.send(new DeleteSecurityGroupCommand({ GroupId: id })),
    "route tables": (id) => removeRouteTable(clients, id),
    "internet gateways": (id) => removeInternetGateway(clients, id),
    subnets: (id) => ec2.send(new DeleteSubnetCommand({ SubnetId: id })),
    VPCs: (id) => ec2.send(new DeleteVpcCommand({ VpcId: id })),
    secrets: (id) =>
      secrets.send(new DeleteSecretCommand({ SecretId: id, ForceDeleteWithoutRecovery: true })),
    parameters: (id) => ssm.send(new DeleteParameterCommand({ Name: id })),
    "log groups": (id) => logs.send(new DeleteLogGroupCommand({ logGroupName: id })),
    "instance profiles": (id) => removeInstanceProfile(clients, id),
    roles: (id) => removeRole(clients, id),
    policies: (id) => iam.send(new DeletePolicyCommand({ PolicyArn: id })),
  };
}

/** Its ARN names its cluster: arn:aws:ecs:<region>:<account>:service/<cluster>/<service>. */
async function removeService({ ecs }: Clients, arn: string): Promise<void> {
  const [cluster, service] = arn.split("/").slice(-2);
  await ecs.send(new DeleteServiceCommand({ cluster, service, force: true }));
}

async function removeRouteTable({ ec2 }: Clients, id: string): Promise<void> {
  const { RouteTables } = await ec2.send(new DescribeRouteTablesCommand({ RouteTableIds: [id] }));
  for (const { RouteTableAssociationId, Main } of RouteTables?.[0]?.Associations ?? []) {
    if (!Main) await ec2.send(new DisassociateRouteTableCommand({ AssociationId: RouteTableAssociationId }));
  }
  await ec2.send(new DeleteRouteTableCommand({ RouteTableId: id }));
}

async function removeInternetGateway({ ec2 }: Clients, id: string): Promise<void> {
  const { InternetGateways } = await ec2.send(
    new DescribeInternetGatewaysCommand({ InternetGatewayIds: [id] }),
  );
  for (const { VpcId } of InternetGateways?.[0]?.Attachments ?? []) {
    await ec2.send(new DetachInternetGatewayCommand({ InternetGatewayId: id, VpcId }));
  }
  await ec2.send(new DeleteInternetGatewayCommand({ InternetGatewayId: id }));
}

async function removeInstanceProfile({ iam }: Clients, name: string): Promise<void> {
  const { InstanceProfile } = await iam.send(new GetInstanceProfileCommand({ InstanceProfileName: name }));
  for (const { RoleName } of InstanceProfile?.Roles ?? []) {
    await iam.send(new RemoveRoleFromInstanceProfileCommand({ InstanceProfileName: name, RoleName }));
  }
  await iam.send(new DeleteInstanceProfileCommand({ InstanceProfileName: name }));
}

async function removeRole({ iam }: Clients, name: string): Promise<void> {
  const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName: name }));
  for (const PolicyName of PolicyNames) {
    await iam.send(new DeleteRolePolicyCommand({ RoleName: name, PolicyName }));
  }
  const { AttachedPolicies = [] } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName: name }));
  for (const { PolicyArn } of AttachedPolicies) {
    await iam.send(new DetachRolePolicyCommand({ RoleName: name, PolicyArn }));
  }
  await iam.send(new DeleteRoleCommand({ RoleName: name }));
}
