import {
  type LaunchTemplateSpecification,
  paginateDescribeAutoScalingGroups,
} from "@aws-sdk/client-auto-scaling";
import {
  paginateDescribeInstances,
  paginateDescribeLaunchTemplates,
  paginateDescribeLaunchTemplateVersions,
} from "@aws-sdk/client-ec2";
import { paginateGetParametersByPath } from "@aws-sdk/client-ssm";
import { amiParameterName } from "../../config/names.ts";
import type { Clients } from "../cloud.ts";
import type { ImageGraph, TemplateVersion, VersionName } from "./graph.ts";

const LIVE = ["pending", "running", "shutting-down", "stopping", "stopped"];

/** Reads from AWS what refers to images in this account and region. */
export async function readReferences(clients: Clients, project: string): Promise<ImageGraph> {
  const [parameters, groups, instances] = await Promise.all([
    readParameters(clients, project),
    readGroups(clients),
    readInstances(clients),
  ]);
  return { parameters, groups, instances, versions: await readVersions(clients, project, groups) };
}

async function readParameters({ ssm }: Clients, project: string): Promise<ImageGraph["parameters"]> {
  const found: ImageGraph["parameters"][number][] = [];
  const query = { Path: `/${project}/`, Recursive: true };
  for await (const { Parameters } of paginateGetParametersByPath({ client: ssm }, query)) {
    for (const { Name = "", Value } of Parameters ?? []) {
      const environment = Name.split("/")[2] ?? "";
      if (Value === undefined || Name !== amiParameterName({ project, name: environment })) continue;
      found.push({ name: Name, image: Value, environment });
    }
  }
  return found;
}

async function readGroups({ autoScaling }: Clients): Promise<ImageGraph["groups"]> {
  const found: ImageGraph["groups"][number][] = [];
  for await (const { AutoScalingGroups } of paginateDescribeAutoScalingGroups({ client: autoScaling }, {})) {
    for (const group of AutoScalingGroups ?? []) {
      const mixed = group.MixedInstancesPolicy?.LaunchTemplate;
      const named = [
        group.LaunchTemplate,
        mixed?.LaunchTemplateSpecification,
        ...(mixed?.Overrides ?? []).map(({ LaunchTemplateSpecification }) => LaunchTemplateSpecification),
        ...(group.Instances ?? []).map(({ LaunchTemplate }) => LaunchTemplate),
      ];
      const name = group.AutoScalingGroupName ?? "";
      found.push({
        name,
        versions: named.flatMap(versionName),
        environment: tagOf(group.Tags, "Environment"),
      });
    }
  }
  return found;
}

async function readInstances({ ec2 }: Clients): Promise<ImageGraph["instances"]> {
  const found: ImageGraph["instances"][number][] = [];
  const query = { Filters: [{ Name: "instance-state-name", Values: LIVE }] };
  for await (const { Reservations } of paginateDescribeInstances({ client: ec2 }, query)) {
    for (const instance of (Reservations ?? []).flatMap(({ Instances = [] }) => Instances)) {
      const { InstanceId: id = "", ImageId: image, Tags } = instance;
      if (image !== undefined) found.push({ id, image, environment: tagOf(Tags, "Environment") });
    }
  }
  return found;
}

/** All versions of the project's launch templates, and of any other template that a group was made with. */
async function readVersions(
  { ec2 }: Clients,
  project: string,
  groups: ImageGraph["groups"],
): Promise<TemplateVersion[]> {
  const templates = new Map<string, { latest: string; environment: string | undefined }>();
  for await (const page of paginateDescribeLaunchTemplates({ client: ec2 }, {})) {
    for (const { LaunchTemplateId = "", LatestVersionNumber, Tags } of page.LaunchTemplates ?? []) {
      const used = groups.some(({ versions }) =>
        versions.some(({ template }) => template === LaunchTemplateId),
      );
      if (tagOf(Tags, "Project") !== project && !used) continue;
      const environment = tagOf(Tags, "Environment");
      templates.set(LaunchTemplateId, { latest: String(LatestVersionNumber), environment });
    }
  }
  const found: TemplateVersion[] = [];
  for (const [template, { latest, environment }] of templates) {
    const pages = paginateDescribeLaunchTemplateVersions({ client: ec2 }, { LaunchTemplateId: template });
    for await (const { LaunchTemplateVersions } of pages) {
      for (const {
        VersionNumber,
        DefaultVersion: isDefault = false,
        LaunchTemplateData,
      } of LaunchTemplateVersions ?? []) {
        const [version, image] = [String(VersionNumber), LaunchTemplateData?.ImageId];
        if (image === undefined) continue;
        found.push({ template, version, image, latest: version === latest, isDefault, environment });
      }
    }
  }
  return found;
}

function versionName(used: LaunchTemplateSpecification | undefined): VersionName[] {
  if (used?.LaunchTemplateId === undefined) return [];
  // AWS reads a missing version as the default one.
  return [{ template: used.LaunchTemplateId, version: used.Version ?? "$Default" }];
}

function tagOf(
  tags: readonly { Key?: string | undefined; Value?: string | undefined }[] | undefined,
  key: string,
): string | undefined {
  return tags?.find(({ Key }) => Key === key)?.Value;
}
