import { paginateDescribeAutoScalingGroups } from "@aws-sdk/client-auto-scaling";
import { ListTagsForResourceCommand, paginateDescribeLogGroups } from "@aws-sdk/client-cloudwatch-logs";
import {
  DescribeTagsCommand,
  paginateDescribeLoadBalancers,
  paginateDescribeTargetGroups,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import {
  ListInstanceProfileTagsCommand,
  ListPolicyTagsCommand,
  ListRoleTagsCommand,
  paginateListInstanceProfiles,
  paginateListPolicies,
  paginateListRoles,
} from "@aws-sdk/client-iam";
import {
  ListTagsForResourceCommand as ListDatabaseTagsCommand,
  paginateDescribeDBInstances,
  paginateDescribeDBParameterGroups,
  paginateDescribeDBSnapshots,
  paginateDescribeDBSubnetGroups,
} from "@aws-sdk/client-rds";
import { paginateGetResources } from "@aws-sdk/client-resource-groups-tagging-api";
import { paginateListSecrets } from "@aws-sdk/client-secrets-manager";
import { paginateDescribeParameters } from "@aws-sdk/client-ssm";
import type { Clients } from "../cloud.ts";
import type { Kind, Owner } from "./inventory.ts";

/** AWS describes the tags of so many load balancers or target groups at a time. */
const TAG_BATCH = 20;

/**
 * What is found by its tags alone, in the words of the tagging API. A key that is on its way out keeps its tags for
 * weeks, so keys are not asked for.
 */
const TAGGED: Readonly<Record<string, string>> = {
  buckets: "s3",
  tables: "dynamodb:table",
  topics: "sns",
  certificates: "acm",
  distributions: "cloudfront:distribution",
};

/** What the other services hold. Names start with `<project>-<environment>` or `/<project>/<environment>`. */
export function serviceKinds(clients: Clients, owner: Owner): Kind[] {
  const { autoScaling, iam, loadBalancing, logs, rds, secrets, ssm, tagging } = clients;
  const isOwn = (tags: readonly Tag[] | undefined) => hasTags(tags, owner);
  // IAM tells tags one resource at a time: ask only for those whose names can be ours.
  const isNamed = (name: string | undefined) =>
    name?.startsWith(`${owner.project}-${owner.environment}`) ?? false;
  const databaseKind = (
    name: string,
    list: () => AsyncIterable<[string | undefined, string | undefined]>,
  ): Kind => ({
    name,
    list: () =>
      gather(list(), async ([id, arn]) => {
        const { TagList } = await rds.send(new ListDatabaseTagsCommand({ ResourceName: arn }));
        return isOwn(TagList) ? id : undefined;
      }),
  });
  return [
    {
      name: "Auto Scaling groups",
      list: () =>
        gather(
          each(
            paginateDescribeAutoScalingGroups({ client: autoScaling }, {}),
            (page) => page.AutoScalingGroups,
          ),
          (group) => (isOwn(group.Tags) ? group.AutoScalingGroupName : undefined),
        ),
    },
    {
      name: "load balancers",
      list: async () => {
        const pages = paginateDescribeLoadBalancers({ client: loadBalancing }, {});
        const arns = await gather(
          each(pages, (page) => page.LoadBalancers),
          (item) => item.LoadBalancerArn,
        );
        return taggedArns(clients, arns, owner);
      },
    },
    {
      name: "target groups",
      list: async () => {
        const pages = paginateDescribeTargetGroups({ client: loadBalancing }, {});
        const arns = await gather(
          each(pages, (page) => page.TargetGroups),
          (item) => item.TargetGroupArn,
        );
        return taggedArns(clients, arns, owner);
      },
    },
    databaseKind("databases", async function* () {
      for await (const page of paginateDescribeDBInstances({ client: rds }, {}))
        for (const item of page.DBInstances ?? []) yield [item.DBInstanceIdentifier, item.DBInstanceArn];
    }),
    databaseKind("database snapshots", async function* () {
      for await (const page of paginateDescribeDBSnapshots({ client: rds }, {}))
        for (const item of page.DBSnapshots ?? []) yield [item.DBSnapshotIdentifier, item.DBSnapshotArn];
    }),
    databaseKind("database subnet groups", async function* () {
      for await (const page of paginateDescribeDBSubnetGroups({ client: rds }, {}))
        for (const item of page.DBSubnetGroups ?? []) yield [item.DBSubnetGroupName, item.DBSubnetGroupArn];
    }),
    databaseKind("database parameter groups", async function* () {
      for await (const page of paginateDescribeDBParameterGroups({ client: rds }, {}))
        for (const item of page.DBParameterGroups ?? [])
          if (!item.DBParameterGroupName?.startsWith("default."))
            yield [item.DBParameterGroupName, item.DBParameterGroupArn];
    }),
    {
      name: "secrets",
      list: () =>
        gather(
          each(
            paginateListSecrets({ client: secrets }, { IncludePlannedDeletion: false }),
            (page) => page.SecretList,
          ),
          (secret) => (isOwn(secret.Tags) && !secret.DeletedDate ? secret.ARN : undefined),
        ),
    },
    {
      name: "parameters",
      list: () => {
        const Filters = [
          { Key: "Name", Option: "BeginsWith", Values: [`/${owner.project}/${owner.environment}/`] },
        ];
        const pages = paginateDescribeParameters({ client: ssm }, { ParameterFilters: Filters });
        return gather(
          each(pages, (page) => page.Parameters),
          (parameter) => parameter.Name,
        );
      },
    },
    {
      name: "log groups",
      list: () =>
        gather(
          each(paginateDescribeLogGroups({ client: logs }, {}), (page) => page.logGroups),
          async (group) => {
            const arn = group.arn?.replace(/:\*$/, "");
            if (arn === undefined) return undefined;
            const { tags = {} } = await logs.send(new ListTagsForResourceCommand({ resourceArn: arn }));
            const list = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
            return isOwn(list) ? group.logGroupName : undefined;
          },
        ),
    },
    {
      name: "roles",
      list: () =>
        gather(
          each(paginateListRoles({ client: iam }, {}), (page) => page.Roles),
          async ({ RoleName }) =>
            isNamed(RoleName) && isOwn((await iam.send(new ListRoleTagsCommand({ RoleName }))).Tags)
              ? RoleName
              : undefined,
        ),
    },
    {
      name: "instance profiles",
      list: () =>
        gather(
          each(paginateListInstanceProfiles({ client: iam }, {}), (page) => page.InstanceProfiles),
          async ({ InstanceProfileName }) =>
            isNamed(InstanceProfileName) &&
            isOwn((await iam.send(new ListInstanceProfileTagsCommand({ InstanceProfileName }))).Tags)
              ? InstanceProfileName
              : undefined,
        ),
    },
    {
      name: "policies",
      list: () =>
        gather(
          each(paginateListPolicies({ client: iam }, { Scope: "Local" }), (page) => page.Policies),
          async ({ Arn, PolicyName }) =>
            isNamed(PolicyName) && isOwn((await iam.send(new ListPolicyTagsCommand({ PolicyArn: Arn }))).Tags)
              ? Arn
              : undefined,
        ),
    },
    ...Object.entries(TAGGED).map(
      ([name, type]): Kind => ({
        name,
        list: () =>
          gather(
            each(
              paginateGetResources(
                { client: tagging },
                {
                  ResourceTypeFilters: [type],
                  TagFilters: [
                    { Key: "Project", Values: [owner.project] },
                    { Key: "Environment", Values: [owner.environment] },
                  ],
                },
              ),
              (page) => page.ResourceTagMappingList,
            ),
            (resource) => resource.ResourceARN,
          ),
      }),
    ),
  ];
}

interface Tag {
  readonly Key?: string | undefined;
  readonly Value?: string | undefined;
}

function hasTags(tags: readonly Tag[] | undefined, owner: Owner): boolean {
  const has = (key: string, value: string) => tags?.some(({ Key, Value }) => Key === key && Value === value);
  return (has("Project", owner.project) && has("Environment", owner.environment)) ?? false;
}

async function taggedArns(clients: Clients, arns: readonly string[], owner: Owner): Promise<string[]> {
  const own: string[] = [];
  for (let start = 0; start < arns.length; start += TAG_BATCH) {
    const ResourceArns = arns.slice(start, start + TAG_BATCH);
    const { TagDescriptions } = await clients.loadBalancing.send(new DescribeTagsCommand({ ResourceArns }));
    for (const { ResourceArn, Tags } of TagDescriptions ?? []) {
      if (ResourceArn !== undefined && hasTags(Tags, owner)) own.push(ResourceArn);
    }
  }
  return own;
}

/** The items of all pages, one by one. */
async function* each<Page, Item>(
  pages: AsyncIterable<Page>,
  items: (page: Page) => readonly Item[] | undefined,
): AsyncIterable<Item> {
  for await (const page of pages) yield* items(page) ?? [];
}

/** The ids of those items that have one. */
async function gather<Item>(
  items: AsyncIterable<Item>,
  id: (item: Item) => string | undefined | Promise<string | undefined>,
): Promise<string[]> {
  const found: string[] = [];
  for await (const item of items) {
    const value = await id(item);
    if (value !== undefined) found.push(value);
  }
  return found;
}
