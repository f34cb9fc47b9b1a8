import type {
  Action,
  AutoScalingGroup,
  DbInstance,
  Instance,
  Listener,
  LoadBalancer,
  TargetGroup,
  World,
} from "../../twin/world.ts";

const owner = { account: "123456789012", region: "eu-central-1" };

/** A world with nothing in it but what is given. */
export function world(parts: Partial<World> = {}): World {
  return {
    images: [],
    instances: [],
    tasks: [],
    autoScalingGroups: [],
    loadBalancers: [],
    listeners: [],
    aliases: [],
    targetGroups: [],
    dbInstances: [],
    ...parts,
  };
}

export function instance(parts: Partial<Instance> = {}): Instance {
  return {
    ...owner,
    id: "i-1",
    state: "running",
    imageId: "ami-1",
    userData: null,
    roleName: null,
    privateIp: "10.0.3.10",
    subnetId: "subnet-1",
    availabilityZone: "eu-central-1a",
    launchTime: "2026-01-01T00:00:00Z",
    tags: {},
    autoScalingGroup: null,
    ...parts,
  };
}

export function group(parts: Partial<AutoScalingGroup> = {}): AutoScalingGroup {
  return {
    ...owner,
    name: "service",
    healthCheckType: "ELB",
    healthCheckGracePeriod: 60,
    targetGroupArns: ["tg"],
    instances: [{ id: "i-1", lifecycleState: "InService", healthStatus: "Healthy", inServiceSince: 1_000 }],
    ...parts,
  };
}

export function loadBalancer(attributes: Record<string, string> = {}): LoadBalancer {
  return { ...owner, arn: "lb", name: "web", dnsName: "web.elb.amazonaws.com", state: "active", attributes };
}

export function listener(actions: readonly Action[], parts: Partial<Listener> = {}): Listener {
  return {
    arn: "listener",
    loadBalancerArn: "lb",
    port: 80,
    protocol: "HTTP",
    certificateArn: null,
    rules: [{ arn: "rule", priority: "default", conditions: [], actions }],
    ...parts,
  };
}

export function targetGroup(targets: readonly string[], parts: Partial<TargetGroup> = {}): TargetGroup {
  return {
    arn: "tg",
    name: "web",
    protocol: "HTTP",
    port: 80,
    targetType: "instance",
    loadBalancerArns: ["lb"],
    healthCheck: {
      enabled: true,
      protocol: "HTTP",
      port: "traffic-port",
      path: "/healthz",
      intervalSeconds: 0.05,
      timeoutSeconds: 1,
      healthyThreshold: 2,
      unhealthyThreshold: 2,
      matcher: "200",
    },
    attributes: { "deregistration_delay.timeout_seconds": "5" },
    targets: targets.map((id) => ({ id, port: 80 })),
    ...parts,
  };
}

export function database(parts: Partial<DbInstance> = {}): DbInstance {
  return {
    ...owner,
    id: "app",
    arn: "arn:aws:rds:eu-central-1:123456789012:db:app",
    status: "creating",
    engine: "mysql",
    engineVersion: "8.4.6",
    dbName: "app",
    masterUsername: "master",
    masterPassword: "it's a \\ secret",
    port: 3306,
    parameters: {},
    desired: "available",
    restarts: 0,
    sourceId: null,
    ...parts,
  };
}
