import type { AppSettings } from "./settings/app.ts";
import type { ComputeSettings } from "./settings/compute.ts";
import type { DatabaseSettings } from "./settings/database.ts";
import type { EdgeSettings } from "./settings/edge.ts";
import type { NetworkSettings } from "./settings/network.ts";
import type { OperationsSettings } from "./settings/operations.ts";
import type { StorageSettings } from "./settings/storage.ts";

/**
 * What is wanted: one `Environment` per file in `config/environments/`.
 *
 * Prices are the list prices of us-east-1 without traffic but with public addresses, rounded, per month of 730 hours.
 * What the types cannot say (ranges, formats, fields that must fit each other) `validate.ts` says.
 */
export interface Environment {
  /** Short name of the project, first part of every physical name: 2 to 12 of a-z, 0-9 and `-`. */
  readonly project: string;
  /**
   * Name of this environment, the same as its file: 2 to 18 of a-z, 0-9 and `-`, 28 together with `project`. Part of
   * physical names.
   */
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
  /** The app: where it comes from, and how the load balancer reaches it. */
  readonly app: AppSettings;
  /** Address space, zones and the way out. */
  readonly network: NetworkSettings;
  /** The public side: load balancer and its health check. About $24 plus usage. */
  readonly edge: EdgeSettings;
  /** What runs the app. */
  readonly compute: ComputeSettings;
  /** MySQL on RDS and its password. */
  readonly database: DatabaseSettings;
  /** What an app keeps outside of its database. @default nothing */
  readonly storage?: StorageSettings;
  /** What those need who run it. @default nothing */
  readonly operations?: OperationsSettings;
}
