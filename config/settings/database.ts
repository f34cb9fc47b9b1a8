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
  /** Largest size in GB that the storage may grow to by itself; at least a tenth more than `allocatedStorage`. */
  readonly maxAllocatedStorage?: number;
  /**
   * A copy that answers reads: an app finds it as `DB_REPLICA_HOST`; the one that ships reads its lists there. As much
   * again as the database. Needs backups.
   */
  readonly readReplica?: ReadReplicaSettings;
  /** Seconds between two readings of the database's operating system. Some cents in CloudWatch. */
  readonly enhancedMonitoring?: 1 | 5 | 10 | 15 | 30 | 60;
  /**
   * Which queries cost what, for seven days. Free; not on the `micro` and `small` classes of t3 and t4g.
   * @default false
   */
  readonly performanceInsights?: boolean;
  /**
   * Lets database users sign in with a token of IAM's, beside the app's password. Free.
   * @default false
   */
  readonly iamAuthentication?: boolean;
  /** Snapshot the database is made from, instead of empty. A change replaces the database. */
  readonly snapshotIdentifier?: string;
}

/** A copy that answers reads. */
export interface ReadReplicaSettings {
  /** @default that of the database */
  readonly instanceClass?: string;
}
