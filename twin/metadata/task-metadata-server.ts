import { createServer, type Server } from "node:http";
import { listen } from "../ports.ts";
import type { Task } from "../world.ts";
import { temporaryCredentials } from "./credentials.ts";

/** What a Fargate task asks about itself (task metadata, version 4) and for its role's credentials. */
export class TaskMetadataServer {
  private readonly server: Server;

  constructor(task: Task) {
    const answers: Readonly<Record<string, () => unknown>> = {
      "/credentials": () => ({ RoleArn: task.roleArn, ...temporaryCredentials(task.account) }),
      "/v4/task": () => ({
        Cluster: task.cluster,
        Family: task.family,
        LaunchType: "FARGATE",
        Revision: task.revision,
        ServiceName: task.service,
        TaskARN: task.arn,
      }),
    };
    this.server = createServer((request, response) => {
      const answer = request.method === "GET" ? answers[request.url ?? ""] : undefined;
      response.writeHead(answer ? 200 : 404, { "Content-Type": "application/json" });
      response.end(answer ? JSON.stringify(answer()) : "{}");
    });
  }

  /** Starts to listen on a loopback port; resolves with the variables by which the task finds it. */
  async open(): Promise<Record<string, string>> {
    const endpoint = `http://127.0.0.1:${await listen(this.server, 0)}`;
    return {
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `${endpoint}/credentials`,
      ECS_CONTAINER_METADATA_URI_V4: `${endpoint}/v4`,
    };
  }

  /** Stops at once. */
  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}
