import { DescribeLogGroupsCommand, GetLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import type { Environment } from "../../config/environment.ts";
import type { Clients } from "../cloud.ts";

/** How far back it is looked, and how much of that is shown. */
const LOG_LINES_READ = 200;
const LOG_LINES = 20;

/**
 * The last lines, what was said again and again only once: an app that ends at once says why before each restart, and
 * the system has more to say about each restart than the app.
 */
export function lastWords(lines: readonly string[], most = LOG_LINES): string[] {
  return [...new Set(lines.toReversed())].slice(0, most).reverse();
}

/** The last lines of a stream in a log of the environment. */
export async function lastLogLines(
  { logs }: Pick<Clients, "logs">,
  environment: Environment,
  stream: string,
): Promise<string[]> {
  const { logGroups = [] } = await logs.send(
    new DescribeLogGroupsCommand({ logGroupNamePrefix: `/${environment.project}/${environment.name}/` }),
  );
  for (const { logGroupName } of logGroups) {
    const query = { logGroupName, logStreamName: stream, limit: LOG_LINES_READ, startFromHead: false };
    const { events = [] } = await logs.send(new GetLogEventsCommand(query)).catch(() => ({ events: [] }));
    if (events.length > 0) return lastWords(events.flatMap(({ message }) => message?.trim() ?? []));
  }
  return [];
}
