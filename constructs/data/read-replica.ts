import { DbInstance } from "@cdktf/provider-aws/lib/db-instance/index.js";
import { Construct } from "constructs";
import { physicalName } from "../naming.ts";
import type { Watched } from "./watching.ts";

export interface ReadReplicaProps {
  readonly source: DbInstance;
  readonly instanceClass: string;
  readonly watched: Watched;
}

/**
 * A copy of the database that answers reads, seconds behind. It stands in the same subnets behind the same security
 * group, takes over the source's users and key, and goes without a last snapshot. Costs as much as the database.
 */
export class ReadReplica extends Construct {
  readonly instance: DbInstance;

  constructor(scope: Construct, id: string, { source, instanceClass, watched }: ReadReplicaProps) {
    super(scope, id);
    this.instance = new DbInstance(this, "instance", {
      identifier: physicalName(this, "databaseIdentifier", "replica"),
      replicateSourceDb: source.identifier,
      instanceClass,
      storageType: "gp3",
      storageEncrypted: true,
      publiclyAccessible: false,
      vpcSecurityGroupIds: source.vpcSecurityGroupIds,
      parameterGroupName: source.parameterGroupName,
      caCertIdentifier: "rds-ca-rsa2048-g1",
      backupRetentionPeriod: 0,
      copyTagsToSnapshot: true,
      autoMinorVersionUpgrade: true,
      applyImmediately: true,
      skipFinalSnapshot: true,
      ...watched,
    });
  }
}
