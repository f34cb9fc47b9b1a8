/** What runs the app: one instance that is replaced when it fails, or as many as the load asks for. */
export interface ComputeSettings {
  /** EC2 instance type, of the same architecture as the image. `t3.micro` is about $8, `t3.small` $15. */
  readonly instanceType: string;
  /**
   * Size of the encrypted gp3 root disk in GB, 8 to 16384. About $0.08 per GB.
   * @default 8
   */
  readonly rootVolumeSize?: number;
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
  /** More instances when the processors are busy. Without it there is one. */
  readonly scaling?: ScalingSettings;
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
