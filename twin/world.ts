import { requestJson } from "./http-json.ts";

/** Whose resource it is: every account and region of the twin lives in one world. */
export interface Owner {
  readonly account: string;
  readonly region: string;
}

/** An AMI. Its tag `ReleaseDigest` names the release it was made of. */
export interface Image extends Owner {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** An EC2 instance as the API knows it. */
export interface Instance extends Owner {
  readonly id: string;
  readonly state: string;
  readonly imageId: string;
  /** Base64, or null without user data. */
  readonly userData: string | null;
  readonly roleName: string | null;
  readonly privateIp: string | null;
  readonly subnetId: string | null;
  readonly availabilityZone: string;
  readonly launchTime: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly autoScalingGroup: string | null;
}

/** A Fargate task of an ECS service, with what its task definition says of its one container. */
export interface Task extends Owner {
  readonly id: string;
  readonly arn: string;
  /** "RUNNING", or "STOPPED" for one that is to stop. */
  readonly desired: string;
  readonly cluster: string;
  readonly service: string;
  readonly family: string;
  readonly revision: string;
  /** Repository and tag. */
  readonly image: string;
  readonly environment: Readonly<Record<string, string>>;
  /** The port of the container, or null without one. */
  readonly port: number | null;
  readonly roleArn: string | null;
  readonly privateIp: string | null;
  readonly logGroup: string | null;
  readonly logStream: string;
}

/** An Auto Scaling group with its members. */
export interface AutoScalingGroup extends Owner {
  readonly name: string;
  readonly healthCheckType: string;
  /** Seconds, counted from InService. */
  readonly healthCheckGracePeriod: number;
  readonly targetGroupArns: readonly string[];
  readonly instances: readonly {
    readonly id: string;
    readonly lifecycleState: string;
    readonly healthStatus: string;
    /** Epoch seconds; null before InService. */
    readonly inServiceSince: number | null;
  }[];
}

/** An Application Load Balancer; attributes as in DescribeLoadBalancerAttributes. */
export interface LoadBalancer extends Owner {
  readonly arn: string;
  readonly name: string;
  readonly dnsName: string;
  readonly state: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** A rule's condition in the shape of the ELBv2 API. */
export interface Condition {
  readonly Field: string;
  readonly Values?: readonly string[];
  readonly PathPatternConfig?: { readonly Values?: readonly string[] };
  readonly HostHeaderConfig?: { readonly Values?: readonly string[] };
}

/** A rule's action in the shape of the ELBv2 API. */
export interface Action {
  readonly Type: string;
  readonly Order?: number;
  readonly TargetGroupArn?: string;
  readonly ForwardConfig?: {
    readonly TargetGroups?: readonly { readonly TargetGroupArn: string; readonly Weight?: number }[];
  };
  readonly RedirectConfig?: {
    readonly Protocol?: string;
    readonly Host?: string;
    readonly Port?: string;
    readonly Path?: string;
    readonly Query?: string;
    readonly StatusCode?: string;
  };
  readonly FixedResponseConfig?: {
    readonly StatusCode?: string;
    readonly ContentType?: string;
    readonly MessageBody?: string;
  };
}

/** A listener rule; priority "1" to "50000", or "default". */
export interface Rule {
  readonly arn: string;
  readonly priority: string;
  readonly conditions: readonly Condition[];
  readonly actions: readonly Action[];
}

/** A listener: one port of one load balancer. */
export interface Listener {
  readonly arn: string;
  readonly loadBalancerArn: string;
  readonly port: number;
  readonly protocol: string;
  readonly certificateArn: string | null;
  readonly rules: readonly Rule[];
}

/** A name of Route 53 that leads to a load balancer. */
export interface Alias {
  readonly name: string;
  /** DNS name, lower case. */
  readonly target: string;
}

/** How a target group asks its targets for their health. */
export interface HealthCheck {
  readonly enabled: boolean;
  readonly protocol: string;
  /** "traffic-port" or a number. */
  readonly port: string;
  readonly path: string;
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  readonly healthyThreshold: number;
  readonly unhealthyThreshold: number;
  /** "200", "200-299" or "200,302". */
  readonly matcher: string;
}

/** A target group with what is registered in it. */
export interface TargetGroup {
  readonly arn: string;
  readonly name: string;
  readonly protocol: string;
  readonly port: number;
  readonly targetType: string;
  readonly loadBalancerArns: readonly string[];
  readonly healthCheck: HealthCheck;
  readonly attributes: Readonly<Record<string, string>>;
  /** What is registered, and what was deregistered and still drains. */
  readonly targets: readonly { readonly id: string; readonly port: number; readonly draining?: boolean }[];
}

/** An RDS instance as the API wants it. */
export interface DbInstance extends Owner {
  readonly id: string;
  readonly arn: string;
  readonly status: string;
  readonly engine: string;
  readonly engineVersion: string;
  readonly dbName: string | null;
  readonly masterUsername: string;
  readonly masterPassword: string;
  readonly port: number;
  readonly parameters: Readonly<Record<string, string>>;
  readonly desired: "available" | "stopped";
  /** Goes up by one with each RebootDBInstance. */
  readonly restarts: number;
  /** The identifier of the instance this one replicates, or null. */
  readonly sourceId: string | null;
}

/** All that the AWS API holds and the twin must make real, at one moment. */
export interface World {
  readonly images: readonly Image[];
  readonly instances: readonly Instance[];
  readonly tasks: readonly Task[];
  readonly autoScalingGroups: readonly AutoScalingGroup[];
  readonly loadBalancers: readonly LoadBalancer[];
  readonly listeners: readonly Listener[];
  readonly aliases: readonly Alias[];
  readonly targetGroups: readonly TargetGroup[];
  readonly dbInstances: readonly DbInstance[];
}

/** The health of one target, in AWS's words. */
export interface TargetHealth {
  readonly id: string;
  readonly port: number;
  readonly state: string;
  readonly reason?: string;
  readonly description?: string;
}

/** What became of a task; `reason` is why it stopped. */
export interface TaskReport extends Owner {
  readonly id: string;
  readonly status: "RUNNING" | "STOPPED";
  readonly reason?: string;
}

/** The control endpoints of the AWS API: one reads the world, the others tell it what really happened. */
export class WorldClient {
  private readonly port: number;

  /** @param port of the AWS API on 127.0.0.1 */
  constructor(port: number) {
    this.port = port;
  }

  /** The world as it is now. */
  async read(): Promise<World> {
    return (await requestJson({ port: this.port }, "GET", "/_twin/world")) as World;
  }

  /** Sets what DescribeTargetHealth says of these targets. */
  async reportTargetHealth(targetGroupArn: string, targets: readonly TargetHealth[]): Promise<void> {
    await this.post("target-health", { targetGroupArn, targets });
  }

  /** Sets what DescribeDBInstances says of this database. */
  async reportDatabase(
    report: Owner & { id: string; status: string; address: string; port: number },
  ): Promise<void> {
    await this.post("db-instances", report);
  }

  /** SetInstanceHealth Unhealthy: the group replaces the instance. */
  async reportUnhealthy(instance: Owner & { instanceId: string }): Promise<void> {
    await this.post("instance-health", { ...instance, healthStatus: "Unhealthy" });
  }

  /** Sets what DescribeInstanceStatus says. */
  async reportInstanceStatus(
    instance: Owner & { instanceId: string; status: "ok" | "impaired" },
  ): Promise<void> {
    await this.post("instance-status", instance);
  }

  /** Sets what DescribeTasks says of a task. */
  async reportTask(report: TaskReport): Promise<void> {
    await this.post("task-status", report);
  }

  /** Gives the account a hosted zone, unless it has it. */
  async provideHostedZone(zone: { account: string; id: string; name: string }): Promise<void> {
    await this.post("hosted-zones", zone);
  }

  /** Appends lines to a CloudWatch log group, if it exists; timestamps in ms. */
  async sendLogEvents(
    batch: Owner & {
      group: string;
      stream: string;
      lines: readonly { timestamp: number; message: string }[];
    },
  ): Promise<void> {
    await this.post("log-events", batch);
  }

  private async post(name: string, body: unknown): Promise<void> {
    await requestJson({ port: this.port }, "POST", `/_twin/${name}`, body);
  }
}
