import { DataAwsSsmParameter } from "@cdktf/provider-aws/lib/data-aws-ssm-parameter/index.js";
import { EcsTaskDefinition } from "@cdktf/provider-aws/lib/ecs-task-definition/index.js";
import type { Construct } from "constructs";
import { physicalName } from "../naming.ts";
import type { Role } from "./role.ts";
import type { ServiceProps } from "./service.ts";
import { requireNoSecret } from "./user-data.ts";

/** Where a task's image comes from. */
export interface TaskImage {
  readonly account: string;
  readonly region: string;
  /** Its repository in ECR, of that account and region. */
  readonly repository: string;
  /** SSM parameter that holds the image's tag. */
  readonly tagParameter: string;
}

export interface TaskDefinitionProps extends Pick<ServiceProps, "port" | "settings" | "log"> {
  readonly image: TaskImage;
  /** Path that answers 200 as long as the process can serve. */
  readonly healthCheckPath: string;
  /** Processor units, 1024 to a processor. */
  readonly cpu: number;
  /** In MB. */
  readonly memory: number;
  readonly role: Role;
  readonly execution: Role;
}

/** The one container of a task. */
export const containerName = "app";

/** Seconds an app has after SIGTERM: the app's own 25, and a little more. */
const stopTimeout = 30;

/** One container, with nothing to write on but its memory, under a user that is nobody. Free by itself. */
export function createTaskDefinition(scope: Construct, props: TaskDefinitionProps): EcsTaskDefinition {
  const { image, cpu, memory, role, execution, port, healthCheckPath, settings, log } = props;
  const { account, region, repository, tagParameter } = image;
  const tag = new DataAwsSsmParameter(scope, "image-tag", { name: tagParameter }).insecureValue;
  requireNoSecret(settings);
  const alive = `fetch("http://127.0.0.1:${port}${healthCheckPath}").then(({ ok }) => process.exit(ok ? 0 : 1))`;
  const container = {
    name: containerName,
    image: `${account}.dkr.ecr.${region}.amazonaws.com/${repository}:${tag}`,
    essential: true,
    user: "10001:10001",
    readonlyRootFilesystem: true,
    linuxParameters: { capabilities: { drop: ["ALL"] }, initProcessEnabled: true },
    portMappings: [{ containerPort: port, hostPort: port, protocol: "tcp" }],
    environment: Object.entries(settings).map(([name, value]) => ({ name, value })),
    healthCheck: {
      command: ["CMD", "/opt/webapp/bin/node", "-e", alive],
      ...{ interval: 10, timeout: 5, retries: 3, startPeriod: 10 },
    },
    logConfiguration: {
      logDriver: "awslogs",
      options: {
        "awslogs-group": log.group.name,
        "awslogs-region": region,
        "awslogs-stream-prefix": containerName,
      },
    },
    stopTimeout,
  };
  return new EcsTaskDefinition(scope, "task-definition", {
    family: physicalName(scope, "taskFamily"),
    requiresCompatibilities: ["FARGATE"],
    networkMode: "awsvpc",
    cpu: String(cpu),
    memory: String(memory),
    taskRoleArn: role.arn,
    executionRoleArn: execution.arn,
    containerDefinitions: JSON.stringify([container]),
    // The running service refers to the old one until the new tasks are healthy.
    lifecycle: { createBeforeDestroy: true },
  });
}
