import { paginateDescribeAutoScalingGroups } from "@aws-sdk/client-auto-scaling";
import { DescribeLogGroupsCommand, GetLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { DescribeInstancesCommand } from "@aws-sdk/client-ec2";
import { DescribeTargetHealthCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Environment } from "../../config/environment.ts";
import type { Clients } from "../cloud.ts";

/** Why an instance of an image does not serve, as far as AWS knows it. */
export interface Evidence {
  readonly instance: string;
  /** The load balancer's words: "Health checks failed with these codes: [500]". */
  readonly health: string;
  /** The last lines of its app's log, the oldest first. */
  readonly log: readonly string[];
}

/** How far back it is looked, and how much of that is shown. */
const LOG_LINES_READ = 200;
const LOG_LINES = 20;
const LONGEST_LINE = 300;

/**
 * What is known of the latest instance that was launched from an image. It is for the reader's eyes only, so what
 * cannot be read is left out. Undefined when no instance was launched.
 */
export async function gatherEvidence(
  clients: Clients,
  environment: Environment,
  image: string,
): Promise<Evidence | undefined> {
  const instance = await latestInstance(clients, environment, image);
  if (instance === undefined) return undefined;
  const [health, log] = await Promise.all([
    targetHealth(clients, instance).catch(() => undefined),
    lastLogLines(clients, environment, instance).catch(() => []),
  ]);
  return { instance, health: health ?? "the load balancer does not know it", log };
}

/** The evidence as lines for the screen. */
export function describeEvidence({ instance, health, log }: Evidence): string[] {
  const lines = log.map(
    (line) => `    ${line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)}…` : line}`,
  );
  return [
    `  instance ${instance}: ${health}`,
    ...(lines.length > 0
      ? ["  the last lines of its app's log:", ...lines]
      : ["  its app wrote no log line"]),
  ];
}

/**
 * The last lines, what was said again and again only once: an app that ends at once says why before each restart, and
 * the system has more to say about each restart than the app.
 */
export function lastWords(lines: readonly string[], most = LOG_LINES): string[] {
  return [...new Set(lines.toReversed())].slice(0, most).reverse();
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

async function lastLogLines(
  { logs }: Clients,
  environment: Environment,
  instance: string,
): Promise<string[]> {
  const { logGroups = [] } = await logs.send(
    new DescribeLogGroupsCommand({ logGroupNamePrefix: `/${environment.project}/${environment.name}/` }),
  );
  for (const { logGroupName } of logGroups) {
    const query = { logGroupName, logStreamName: instance, limit: LOG_LINES_READ, startFromHead: false };
    const { events = [] } = await logs.send(new GetLogEventsCommand(query)).catch(() => ({ events: [] }));
    if (events.length > 0) return lastWords(events.flatMap(({ message }) => message?.trim() ?? []));
  }
  return [];
}
