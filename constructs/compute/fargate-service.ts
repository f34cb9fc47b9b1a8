import { AppautoscalingPolicy } from "@cdktf/provider-aws/lib/appautoscaling-policy/index.js";
import { AppautoscalingTarget } from "@cdktf/provider-aws/lib/appautoscaling-target/index.js";
import { EcsCluster } from "@cdktf/provider-aws/lib/ecs-cluster/index.js";
import { EcsService } from "@cdktf/provider-aws/lib/ecs-service/index.js";
import type { EcsTaskDefinition } from "@cdktf/provider-aws/lib/ecs-task-definition/index.js";
import { dependable, Lazy } from "cdktf";
import { Construct } from "constructs";
import type { FargateComputeSettings, ScalingSettings } from "../../config/settings/compute.ts";
import { type Connectable, Connections } from "../connections.ts";
import { physicalName } from "../naming.ts";
import { ExecutionRole } from "./execution-role.ts";
import { Role } from "./role.ts";
import { neededToLaunch, type Service, type ServiceProps } from "./service.ts";
import { containerName, createTaskDefinition, type TaskImage } from "./task-definition.ts";

export interface FargateServiceProps
  extends ServiceProps,
    Omit<FargateComputeSettings, "logRetentionDays" | "fargate"> {
  readonly task: FargateComputeSettings["fargate"];
  readonly image: TaskImage;
  /** Path by which a task asks itself whether it is alive. */
  readonly healthCheckPath: string;
}

/**
 * The app as containers on machines that AWS keeps, in two zones or more. A rollout starts new tasks beside the old
 * ones; when they do not become healthy, the circuit breaker puts the old ones back and the deploy fails. Costs what
 * the tasks cost.
 */
export class FargateService extends Construct implements Service {
  readonly connections: Connections;
  readonly role: Role;
  readonly cluster: EcsCluster;
  readonly service: EcsService;

  constructor(scope: Construct, id: string, props: FargateServiceProps) {
    super(scope, id);
    const { image, network, port, log, scaling, task } = props;
    this.connections = new Connections(this, "connections", { vpc: network.vpc, port });
    this.role = new Role(this, "role", {
      service: "ecs-tasks.amazonaws.com",
      description: "What the app's tasks may do",
      condition: { StringEquals: { "aws:SourceAccount": image.account } },
    });
    const execution = new ExecutionRole(this, "execution-role", image);
    log.grantWrite(execution);
    const definition = createTaskDefinition(this, { ...props, ...task, role: this.role, execution });
    this.cluster = new EcsCluster(this, "cluster", { name: physicalName(this, "cluster") });
    this.service = this.createService(props, definition);
    const needed = () => neededToLaunch(props, this, this.role, execution).map(dependable);
    this.service.dependsOn = Lazy.listValue({ produce: needed });
    if (scaling) this.followTheLoad(scaling);
  }

  get outputs() {
    return {
      ecs_cluster: { value: this.cluster.name, description: "Cluster of the tasks" },
      ecs_service: { value: this.service.name, description: "Service that keeps the tasks alive" },
    };
  }

  allowFrom(peer: Connectable): void {
    this.connections.allowFrom(peer);
  }

  private createService(props: FargateServiceProps, definition: EcsTaskDefinition): EcsService {
    const { network, loadBalancer, port, scaling, task, rolloutTimeout = 600 } = props;
    const timeout = `${rolloutTimeout}s`;
    return new EcsService(this, "service", {
      name: physicalName(this, "service"),
      cluster: this.cluster.arn,
      taskDefinition: definition.arn,
      launchType: "FARGATE",
      desiredCount: scaling?.minimum ?? task.tasks ?? 2,
      healthCheckGracePeriodSeconds: props.healthCheckGracePeriod,
      availabilityZoneRebalancing: "ENABLED",
      deploymentMinimumHealthyPercent: 100,
      deploymentMaximumPercent: 200,
      deploymentCircuitBreaker: { enable: true, rollback: true },
      networkConfiguration: {
        subnets: network.appTier.subnets.map((subnet) => subnet.id),
        securityGroups: [this.connections.securityGroup.id],
        assignPublicIp: false,
      },
      loadBalancer: [{ targetGroupArn: loadBalancer.targetGroup.arn, containerName, containerPort: port }],
      propagateTags: "SERVICE",
      waitForSteadyState: true,
      timeouts: { create: timeout, update: timeout, delete: "20m" },
      lifecycle: {
        // Once it runs, the number is the policy's.
        ...(scaling && { ignoreChanges: ["desired_count"] }),
        // A rollout that the circuit breaker took back ends in a steady state too: the old one.
        postcondition: [
          {
            condition: `\${self.task_definition == ${definition.fqn}.arn}`,
            errorMessage: "The new tasks did not become healthy: the circuit breaker put the old ones back",
          },
        ],
      },
    });
  }

  private followTheLoad({ minimum, maximum, cpuPercent, warmup = 60 }: ScalingSettings): void {
    const target = new AppautoscalingTarget(this, "scaled", {
      serviceNamespace: "ecs",
      scalableDimension: "ecs:service:DesiredCount",
      resourceId: `service/${this.cluster.name}/${this.service.name}`,
      minCapacity: minimum,
      maxCapacity: maximum,
    });
    new AppautoscalingPolicy(this, "follow-the-load", {
      name: physicalName(this, "service", "cpu"),
      policyType: "TargetTrackingScaling",
      serviceNamespace: target.serviceNamespace,
      scalableDimension: target.scalableDimension,
      resourceId: target.resourceId,
      targetTrackingScalingPolicyConfiguration: {
        targetValue: cpuPercent,
        predefinedMetricSpecification: { predefinedMetricType: "ECSServiceAverageCPUUtilization" },
        scaleInCooldown: 5 * warmup,
        scaleOutCooldown: warmup,
      },
    });
  }
}
