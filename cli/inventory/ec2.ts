import {
  DescribeAddressesCommand,
  DescribeImagesCommand,
  DescribeInstancesCommand,
  DescribeInternetGatewaysCommand,
  DescribeLaunchTemplatesCommand,
  DescribeNatGatewaysCommand,
  DescribeNetworkInterfacesCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSnapshotsCommand,
  DescribeSubnetsCommand,
  DescribeVolumesCommand,
  DescribeVpcEndpointsCommand,
  DescribeVpcsCommand,
  type EC2Client,
  type Filter,
} from "@aws-sdk/client-ec2";
import type { Kind, Owner } from "./inventory.ts";

const GONE_INSTANCE = new Set(["terminated"]);
const GONE_GATEWAY = new Set(["deleted", "deleting"]);

/** What EC2 and its network hold. All of it carries tags, but network interfaces, which are found by their VPC. */
export function ec2Kinds(ec2: EC2Client, owner: Owner): Kind[] {
  const Filters = ownerFilters(owner);
  const vpcs = async () =>
    ids((await ec2.send(new DescribeVpcsCommand({ Filters }))).Vpcs, (vpc) => vpc.VpcId);
  return [
    {
      name: "instances",
      list: async () =>
        (await ec2.send(new DescribeInstancesCommand({ Filters }))).Reservations?.flatMap(
          ({ Instances = [] }) =>
            ids(
              Instances.filter(({ State }) => !GONE_INSTANCE.has(State?.Name ?? "")),
              (instance) => instance.InstanceId,
            ),
        ) ?? [],
    },
    {
      name: "launch templates",
      list: async () =>
        ids(
          (await ec2.send(new DescribeLaunchTemplatesCommand({ Filters }))).LaunchTemplates,
          (template) => template.LaunchTemplateId,
        ),
    },
    {
      name: "images",
      list: async () =>
        ids(
          (await ec2.send(new DescribeImagesCommand({ Owners: ["self"], Filters }))).Images,
          (image) => image.ImageId,
        ),
    },
    {
      name: "snapshots",
      list: async () =>
        ids(
          (await ec2.send(new DescribeSnapshotsCommand({ OwnerIds: ["self"], Filters }))).Snapshots,
          (snapshot) => snapshot.SnapshotId,
        ),
    },
    {
      name: "volumes",
      list: async () =>
        ids((await ec2.send(new DescribeVolumesCommand({ Filters }))).Volumes, (volume) => volume.VolumeId),
    },
    {
      name: "network interfaces",
      list: async () => {
        const owners = await vpcs();
        if (owners.length === 0) return [];
        const found = await ec2.send(
          new DescribeNetworkInterfacesCommand({ Filters: [{ Name: "vpc-id", Values: owners }] }),
        );
        return ids(found.NetworkInterfaces, (card) => card.NetworkInterfaceId);
      },
    },
    {
      name: "NAT gateways",
      list: async () =>
        ids(
          (await ec2.send(new DescribeNatGatewaysCommand({ Filter: Filters }))).NatGateways?.filter(
            ({ State }) => !GONE_GATEWAY.has(State ?? ""),
          ),
          (gateway) => gateway.NatGatewayId,
        ),
    },
    {
      name: "elastic addresses",
      list: async () =>
        ids(
          (await ec2.send(new DescribeAddressesCommand({ Filters }))).Addresses,
          (address) => address.AllocationId,
        ),
    },
    {
      name: "VPC endpoints",
      list: async () =>
        ids(
          (await ec2.send(new DescribeVpcEndpointsCommand({ Filters }))).VpcEndpoints?.filter(
            ({ State }) => !GONE_GATEWAY.has(State?.toLowerCase() ?? ""),
          ),
          (endpoint) => endpoint.VpcEndpointId,
        ),
    },
    {
      name: "security groups",
      list: async () =>
        ids(
          (await ec2.send(new DescribeSecurityGroupsCommand({ Filters }))).SecurityGroups,
          (group) => group.GroupId,
        ),
    },
    {
      name: "route tables",
      list: async () =>
        ids(
          (await ec2.send(new DescribeRouteTablesCommand({ Filters }))).RouteTables,
          (table) => table.RouteTableId,
        ),
    },
    {
      name: "internet gateways",
      list: async () =>
        ids(
          (await ec2.send(new DescribeInternetGatewaysCommand({ Filters }))).InternetGateways,
          (gateway) => gateway.InternetGatewayId,
        ),
    },
    {
      name: "subnets",
      list: async () =>
        ids((await ec2.send(new DescribeSubnetsCommand({ Filters }))).Subnets, (subnet) => subnet.SubnetId),
    },
    { name: "VPCs", list: vpcs },
  ];
}

function ownerFilters(owner: Owner): Filter[] {
  return [
    { Name: "tag:Project", Values: [owner.project] },
    { Name: "tag:Environment", Values: [owner.environment] },
  ];
}

function ids<T>(things: readonly T[] | undefined, id: (thing: T) => string | undefined): string[] {
  return (things ?? []).flatMap((thing) => id(thing) ?? []);
}
