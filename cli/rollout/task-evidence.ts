import { DescribeTasksCommand, ListTasksCommand, type Task } from "@aws-sdk/client-ecs";
import type { Environment } from "../../config/environment.ts";
import { baseName } from "../../config/names.ts";
import type { Clients } from "../cloud.ts";
import type { Evidence } from "./evidence.ts";
import { lastLogLines } from "./last-words.ts";

/** Where ECS puts a task's lines: prefix, container, task. */
const streamOf = (task: string) => `app/app/${task}`;

/** Why the latest task of an image does not serve, in the words of ECS. Undefined when none was launched. */
export async function gatherTaskEvidence(
  clients: Clients,
  environment: Environment,
  image: string,
): Promise<Evidence | undefined> {
  const [task] = await tasksOf(clients, environment, image).catch((): Task[] => []);
  const id = task?.taskArn?.split("/").at(-1);
  if (task === undefined || id === undefined) return undefined;
  const log = await lastLogLines(clients, environment, streamOf(id)).catch(() => []);
  return { what: `task ${id}`, health: task.stoppedReason || `it is ${task.lastStatus}`, log };
}

/** Those of the image, first the one that stopped last. */
async function tasksOf({ ecs }: Clients, environment: Environment, image: string): Promise<Task[]> {
  const cluster = baseName(environment);
  const listed = await Promise.all(
    (["STOPPED", "RUNNING"] as const).map((desiredStatus) =>
      ecs.send(new ListTasksCommand({ cluster, desiredStatus })),
    ),
  );
  const tasks = listed.flatMap(({ taskArns = [] }) => taskArns);
  if (tasks.length === 0) return [];
  const { tasks: described = [] } = await ecs.send(new DescribeTasksCommand({ cluster, tasks }));
  const own = described.filter(({ containers = [] }) =>
    containers.some((one) => one.image?.endsWith(`:${image}`)),
  );
  const stoppedAt = (task: Task) => task.stoppedAt?.getTime() ?? 0;
  return own.sort((a, b) => stoppedAt(b) - stoppedAt(a));
}
