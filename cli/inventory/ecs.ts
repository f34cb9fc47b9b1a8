import {
  DescribeClustersCommand,
  DescribeServicesCommand,
  type ECSClient,
  ListServicesCommand,
  paginateListClusters,
  paginateListTaskDefinitions,
} from "@aws-sdk/client-ecs";
import type { Kind, Owner } from "./inventory.ts";

/** What ECS holds. Names start with `<project>-<environment>`; what was deleted stays listed as inactive for a while. */
export function ecsKinds(ecs: ECSClient, { project, environment }: Owner): Kind[] {
  const name = `${project}-${environment}`;
  return [
    { name: "ECS clusters", list: () => activeClusters(ecs, name) },
    {
      name: "ECS services",
      list: async () => {
        const found = await Promise.all(
          (await activeClusters(ecs, name)).map((cluster) => services(ecs, cluster)),
        );
        return found.flat();
      },
    },
    {
      name: "task definitions",
      list: async () => {
        const found: string[] = [];
        const query = { familyPrefix: name, status: "ACTIVE" as const };
        for await (const { taskDefinitionArns } of paginateListTaskDefinitions({ client: ecs }, query)) {
          found.push(...(taskDefinitionArns ?? []));
        }
        return found.filter((arn) => arn.split("/").at(-1)?.startsWith(`${name}:`));
      },
    },
  ];
}

async function activeClusters(ecs: ECSClient, name: string): Promise<string[]> {
  const arns: string[] = [];
  for await (const { clusterArns } of paginateListClusters({ client: ecs }, {})) {
    arns.push(...(clusterArns ?? []).filter((arn) => arn.endsWith(`/${name}`)));
  }
  if (arns.length === 0) return [];
  const { clusters = [] } = await ecs.send(new DescribeClustersCommand({ clusters: arns }));
  return clusters.flatMap(({ status, clusterArn }) => (status === "INACTIVE" ? [] : (clusterArn ?? [])));
}

async function services(ecs: ECSClient, cluster: string): Promise<string[]> {
  const { serviceArns = [] } = await ecs.send(new ListServicesCommand({ cluster }));
  if (serviceArns.length === 0) return [];
  const { services: found = [] } = await ecs.send(
    new DescribeServicesCommand({ cluster, services: serviceArns }),
  );
  return found.flatMap(({ status, serviceArn }) => (status === "INACTIVE" ? [] : (serviceArn ?? [])));
}
