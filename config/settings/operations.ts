/** What those need who run it. */
export interface OperationsSettings {
  /**
   * Database, secret, logs, photos and table under a key of your own, which AWS renews each year. About $1.
   * @default false
   */
  readonly customerKey?: boolean;
  /** Who did what in the account, by the management API, kept in S3 with proofs. About $0.023 per GB. */
  readonly trail?: TrailSettings;
  /** Mail when something is wrong. About $0.10 per alarm. */
  readonly alarms?: AlarmSettings;
  /**
   * One page of graphs. About $3; the first three of an account are free.
   * @default false
   */
  readonly dashboard?: boolean;
  /** A small machine to reach the database from. About $8. */
  readonly bastion?: BastionSettings;
  /**
   * A group for people who look and restart, and may do nothing without a second factor. Free.
   * @default false
   */
  readonly operators?: boolean;
  /**
   * Roles for GitHub Actions, without keys: one that plans, one that applies. Of the environments in one account only one
   * can have them: an account has one provider for GitHub. Free.
   */
  readonly deployers?: DeployerSettings;
}

/** The account's record. */
export interface TrailSettings {
  /** Days a record is kept, 1 to 3650. */
  readonly retentionDays: number;
}

/** Who is told. */
export interface AlarmSettings {
  /** Address that gets the mail, once it has confirmed. */
  readonly email: string;
}

/** How one gets in. Session Manager needs no open port. SSH is open to the named addresses alone, never to all. */
export type BastionSettings =
  | { readonly access: "session-manager" }
  | {
      readonly access: "ssh";
      /** IPv4 blocks that may, /24 at the widest. */
      readonly from: readonly string[];
      /** Name of an EC2 key pair that is there. */
      readonly keyName: string;
    };

/** Which repository deploys. */
export interface DeployerSettings {
  /** `owner/name` on GitHub. */
  readonly githubRepository: string;
  /**
   * Branch whose runs may apply.
   * @default "main"
   */
  readonly branch?: string;
  /**
   * ARNs of the policies that let a plan read what it compares; AWS's own `ReadOnlyAccess` does.
   * @default none: it may read the state and hold its lock
   */
  readonly planPolicyArns?: readonly string[];
  /**
   * ARNs of the policies that let an apply change it. What is narrow enough depends on what else is in the account:
   * AWS has none, and this project makes up none.
   * @default none: it may write the state
   */
  readonly applyPolicyArns?: readonly string[];
}
