import { paginateDescribeAutoScalingGroups } from "@aws-sdk/client-auto-scaling";
import { DescribeInstancesCommand } from "@aws-sdk/client-ec2";
import { DescribeTargetHealthCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Environment } from "../../config/environment.ts";
import type { Clients } from "../cloud.ts";
import { lastLogLines } from "./last-words.ts";
import { gatherTaskEvidence } from "./task-evidence.ts";

/** Why an instance of an image does not serve, as far as AWS knows it. */
export interface Evidence {
  /** What did not serve: "instance i-1". */
  readonly what: string;
  /** The load balancer's words: "Health checks failed with these codes: [500]". */
  readonly health: string;
  /** The last lines of its app's log, the oldest first. */
  readonly log: readonly string[];
}

/** How much of a line is shown. */
const LONGEST_LINE = 300;

/**
 * What is known of the latest instance or task that was launched from an image. It is for the reader's eyes only, so what
 * cannot be read is left out. Undefined when none was launched.
 */
export async function gatherEvidence(
  clients: Clients,
  environment: Environment,
  image: string,
): Promise<Evidence | undefined> {
  if (environment.compute.fargate) return gatherTaskEvidence(clients, environment, image);
  const instance = await latestInstance(clients, environment, image);
  if (instance === undefined) return undefined;
  const [health, log] = await Promise.all([
    targetHealth(clients, instance).catch(() => undefined),
    lastLogLines(clients, environment, instance).catch(() => []),
  ]);
  return { what: `instance ${instance}`, health: health ?? "the load balancer does not know it", log };
}

/** The evidence as lines for the screen. */
export function describeEvidence({ what, health, log }: Evidence): string[] {
  const lines = log.map(
    (line) => `    ${line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)}…` : line}`,
  );
  return [
    `  ${what}: ${health}`,
    ...(lines.length > 0
      ? ["  the last lines of its app's log:", ...lines]
      : ["  its app wrote no log line"]),
  ];
}

async function latestInstance(
  { ec2 }: Clients,
  environment: Environment,
  image: string,
): Promise<string | undefined> {
  const { Reservations = [] } = await ec2.send(
    new DescribeInstancesCommand({
      Filters: [
        { Name: "tag:Project", Values: [environment.project] },
        { Name: "tag:Environment", Values: [environment.name] },
        { Name: "image-id", Values: [image] },
      ],
    }),
  );
  const launched = Reservations.flatMap(({ Instances = [] }) => Instances).sort(
    (a, b) => (b.LaunchTime?.getTime() ?? 0) - (a.LaunchTime?.getTime() ?? 0),
  );
  // A replacement that was launched a moment ago has nothing to tell yet; one that ran has.
  const running = launched.filter(({ State }) => State?.Name !== "terminated");
  return (running.at(-1) ?? launched[0])?.InstanceId;
}

async function targetHealth(clients: Clients, instance: string): Promise<string | undefined> {
  for await (const page of paginateDescribeAutoScalingGroups({ client: clients.autoScaling }, {})) {
    for (const group of page.AutoScalingGroups ?? []) {
      if (!group.Instances?.some(({ InstanceId }) => InstanceId === instance)) continue;
      for (const TargetGroupArn of group.TargetGroupARNs ?? []) {
        const { TargetHealthDescriptions = [] } = await clients.loadBalancing.send(
          new DescribeTargetHealthCommand({ TargetGroupArn }),
        );
        const found = TargetHealthDescriptions.find(({ Target }) => Target?.Id === instance)?.TargetHealth;
        if (found !== undefined) return found.Description ?? found.Reason ?? found.State;
      }
    }
  }
  return undefined;
}
