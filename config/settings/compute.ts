/** What runs the app: one instance that is replaced when it fails, as many as the load asks for, or containers. */
export type ComputeSettings = InstanceComputeSettings | FargateComputeSettings;

/** What holds for instances and for tasks. */
interface CommonComputeSettings {
  /**
   * Seconds after launch in which a failing health check does not count, 0 to 7200. It must cover boot and
   * the first checks: an instance that is not yet healthy when it ends is replaced.
   */
  readonly healthCheckGracePeriod: number;
  /**
   * Seconds a rollout may take until the new instance is healthy; then the deploy fails and the old one
   * keeps serving. More than `healthCheckGracePeriod`.
   * @default 600
   */
  readonly rolloutTimeout?: number;
  /** Days the app's log is kept: one of CloudWatch's own steps. About $0.50 per GB taken in. */
  readonly logRetentionDays: number;
  /** More of them when the processors are busy. Without it there is one instance, or `fargate.tasks` tasks. */
  readonly scaling?: ScalingSettings;
}

/** Instances of the baked image, in an Auto Scaling group. */
export interface InstanceComputeSettings extends CommonComputeSettings {
  /** EC2 instance type, of the same architecture as the image. `t3.micro` is about $8, `t3.small` $15. */
  readonly instanceType: string;
  /**
   * Size of the encrypted gp3 root disk in GB, 8 to 16384. About $0.08 per GB.
   * @default 8
   */
  readonly rootVolumeSize?: number;
  readonly fargate?: never;
}

/** Containers of the same release, on machines that AWS keeps. */
export interface FargateComputeSettings extends CommonComputeSettings {
  /** Fargate tasks instead of instances: `instanceType` and `rootVolumeSize` do not go with it. */
  readonly fargate: FargateSettings;
}

/** How big a task is, and how many there are. */
export interface FargateSettings {
  /** Processor units of a task, 1024 to a processor: 256 to 4096. About $30 per 1024. */
  readonly cpu: 256 | 512 | 1024 | 2048 | 4096;
  /** Memory of a task in MB: 512, 1024 or 2048 with 256 units, else whole GB, two to eight per processor. About $3 per GB. */
  readonly memory: number;
  /**
   * Tasks without `scaling`, 1 to 20: two of them are in two zones.
   * @default 2
   */
  readonly tasks?: number;
}

/** How many there are, by how busy they are. */
export interface ScalingSettings {
  /** Never fewer, 1 to 10. */
  readonly minimum: number;
  /** Never more, up to 20. */
  readonly maximum: number;
  /** Average use of the processors that is aimed at, 10 to 90 percent. */
  readonly cpuPercent: number;
  /**
   * Seconds until a new one's figures count, 0 to 3600.
   * @default 60
   */
  readonly warmup?: number;
}
