/**
 * What is wanted: one `Environment` per file in `config/environments/`.
 *
 * Prices are the list prices of us-east-1 without traffic but with public addresses, rounded, per month of 730 hours.
 * What the types cannot say (ranges, formats, fields that must fit each other) `validate.ts` says.
 */
export interface Environment {
  /** Short name of the project, first part of every physical name: 2 to 12 of a-z, 0-9 and `-`. */
  readonly project: string;
  /** Name of this environment, the same as its file: 2 to 16 of a-z, 0-9 and `-`. Part of physical names. */
  readonly name: string;
  /** The AWS account it lives in, 12 digits. Terraform refuses to touch any other. */
  readonly account: string;
  /** AWS region, for example `us-east-1`. */
  readonly region: string;
  /**
   * Guards against loss: deletion protection on load balancer and database, and `destroy.sh` refuses.
   * To remove a protected environment, set this to false, deploy, then destroy. Free.
   */
  readonly protect: boolean;
  /** How the load balancer reaches the app. */
  readonly app: AppSettings;
  /** Address space, zones and the way out. */
  readonly network: NetworkSettings;
  /** The public side: load balancer and its health check. About $24 plus usage. */
  readonly edge: EdgeSettings;
  /** The instance that runs the app. */
  readonly compute: ComputeSettings;
  /** MySQL on RDS and its password. */
  readonly database: DatabaseSettings;
}

/** How the load balancer reaches the app. */
export interface AppSettings {
  /** TCP port the app listens on, 1 to 65535 but not 22. */
  readonly port: number;
  /**
   * Path that answers 200 as long as the process can serve. It must not ask the database: a database that
   * is away would make the group replace healthy instances in a loop.
   */
  readonly healthCheckPath: string;
}

/** Address space, zones and the way out. */
export interface NetworkSettings {
  /**
   * IPv4 block of the VPC, a private /16. Its /24 blocks .1 and up become the public, app and data subnets.
   * @default "10.0.0.0/16"
   */
  readonly cidrBlock?: string;
  /**
   * Letters of the availability zones. Load balancer and database each need two.
   * @default ["a", "b"]
   */
  readonly zones?: readonly [string, string] | readonly [string, string, string];
  /**
   * How instances reach AWS services:
   * `single`: one NAT gateway, about $37; if its zone fails, so does the way out.
   * `per-zone`: one in each zone, about $37 each.
   * `none`: no internet at all; interface endpoints for the AWS services in use, about $7 per service and zone.
   */
  readonly nat: "single" | "per-zone" | "none";
}

/** The public side. */
export interface EdgeSettings {
  /** When the load balancer takes an instance for healthy. */
  readonly healthCheck: HealthCheckSettings;
  /**
   * Seconds an instance that leaves may finish its requests, 0 to 3600.
   * @default 30
   */
  readonly deregistrationDelay?: number;
}

/** Health check of the target group. An instance is found dead after `interval` × `unhealthyThreshold`. */
export interface HealthCheckSettings {
  /** Seconds between two checks, 5 to 300. */
  readonly interval: number;
  /** Seconds to wait for the answer, 2 to 120, less than `interval`. */
  readonly timeout: number;
  /** Checks in a row that must pass, 2 to 10. */
  readonly healthyThreshold: number;
  /** Checks in a row that must fail, 2 to 10. */
  readonly unhealthyThreshold: number;
}

/** The instance that runs the app: always one, replaced when it fails. */
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
}

/** MySQL on RDS. */
export interface DatabaseSettings {
  /** Name of the schema the app uses: a letter, then up to 63 letters, digits or `_`. A change replaces the database. */
  readonly name: string;
  /** Master user: a letter, then up to 15 letters, digits or `_`. A change replaces the database. */
  readonly username: string;
  /** RDS instance class. `db.t4g.micro` is about $12, twice that with `multiAz`. */
  readonly instanceClass: string;
  /**
   * Size of the gp3 storage in GB, 20 to 65536; it can grow, never shrink. About $0.12 per GB.
   * @default 20
   */
  readonly allocatedStorage?: number;
  /** A standby in a second zone that takes over in one to two minutes. Doubles the price. */
  readonly multiAz: boolean;
  /**
   * Days of automated backups, 1 to 35. Free up to the size of the storage.
   * @default 7
   */
  readonly backupRetentionDays?: number;
  /** Keep a last snapshot when the database is deleted. About $0.10 per GB until you delete it. */
  readonly finalSnapshot: boolean;
  /**
   * Raise it by one to give the database a new password. Free.
   * @default 1
   */
  readonly passwordVersion?: number;
  /** Days a deleted secret can be brought back: 0 (gone at once) or 7 to 30. A secret is about $0.40. */
  readonly secretRecoveryDays: number;
}
