import type { Construct } from "constructs";
import { Role } from "./role.ts";
import type { TaskImage } from "./task-definition.ts";

/** Who ECS is while it starts a task, before the app runs: it fetches this one image and opens its log. Free. */
export class ExecutionRole extends Role {
  constructor(scope: Construct, id: string, { account, region, repository }: TaskImage) {
    super(scope, id, {
      service: "ecs-tasks.amazonaws.com",
      description: "Starts the app's tasks",
      condition: { StringEquals: { "aws:SourceAccount": account } },
    });
    // AWS knows no resource for it: the token is the registry's.
    this.allow("registry-token", { actions: ["ecr:GetAuthorizationToken"], resources: ["*"] });
    this.allow("fetch-image", {
      actions: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
      resources: [`arn:aws:ecr:${region}:${account}:repository/${repository}`],
    });
  }
}
