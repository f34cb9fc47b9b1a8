import { DbInstance } from "@cdktf/provider-aws/lib/db-instance/index.js";
import { DbParameterGroup } from "@cdktf/provider-aws/lib/db-parameter-group/index.js";
import { DbSubnetGroup } from "@cdktf/provider-aws/lib/db-subnet-group/index.js";
import { DataResource } from "cdktf";
import { Construct } from "constructs";
import type { DatabaseSettings } from "../../config/settings/database.ts";
import { type Connectable, Connections } from "../connections.ts";
import { physicalName } from "../naming.ts";
import type { NetworkPlace } from "../network/network-place.ts";
import { DatabaseSecret } from "./database-secret.ts";
import { ReadReplica } from "./read-replica.ts";
import { type Watched, watching } from "./watching.ts";

export interface DatabaseProps extends DatabaseSettings {
  readonly network: NetworkPlace;
  /** Whether AWS refuses to delete it. */
  readonly protect: boolean;
  /** ARN of the key that storage and secret are encrypted with. @default AWS's own for each */
  readonly keyArn?: string | undefined;
}

/** MySQL 8.4 on RDS in the data tier: private, encrypted, backed up, TLS only. From about $15 a month. */
export class Database extends Construct implements Connectable {
  readonly connections: Connections;
  readonly secret: DatabaseSecret;
  readonly instance: DbInstance;
  /** Answers reads, if there is one. */
  readonly replica: ReadReplica | undefined;

  constructor(scope: Construct, id: string, props: DatabaseProps) {
    super(scope, id);
    const { username, passwordVersion: version = 1, secretRecoveryDays: recoveryDays } = props;
    this.connections = new Connections(this, "connections", { vpc: props.network.vpc, port: 3306 });
    this.secret = new DatabaseSecret(this, "secret", {
      username,
      version,
      recoveryDays,
      keyArn: props.keyArn,
    });
    const watched = watching(this, props);
    this.instance = this.createInstance(props, version, watched);
    this.replica =
      props.readReplica &&
      new ReadReplica(this, "replica", {
        source: this.instance,
        instanceClass: props.readReplica.instanceClass ?? props.instanceClass,
        watched,
      });
  }

  /** Lets `peer` reach the database. */
  allowFrom(peer: Connectable): void {
    this.connections.allowFrom(peer);
  }

  private createInstance(props: DatabaseProps, passwordWoVersion: number, watched: Watched): DbInstance {
    return new DbInstance(this, "instance", {
      identifier: physicalName(this, "databaseIdentifier"),
      engine: "mysql",
      engineVersion: "8.4",
      instanceClass: props.instanceClass,
      storageType: "gp3",
      allocatedStorage: props.allocatedStorage ?? 20,
      ...(props.maxAllocatedStorage && { maxAllocatedStorage: props.maxAllocatedStorage }),
      storageEncrypted: true,
      ...(props.keyArn && { kmsKeyId: props.keyArn }),
      ...(props.snapshotIdentifier && { snapshotIdentifier: props.snapshotIdentifier }),
      dbName: props.name,
      username: props.username,
      passwordWo: this.secret.password,
      passwordWoVersion,
      port: this.connections.port,
      multiAz: props.multiAz,
      publiclyAccessible: false,
      dbSubnetGroupName: this.createSubnetGroup(props.network).name,
      vpcSecurityGroupIds: [this.connections.securityGroup.id],
      parameterGroupName: this.createParameterGroup().name,
      caCertIdentifier: "rds-ca-rsa2048-g1",
      backupRetentionPeriod: props.backupRetentionDays ?? 7,
      copyTagsToSnapshot: true,
      deleteAutomatedBackups: true,
      autoMinorVersionUpgrade: true,
      ...(props.iamAuthentication && { iamDatabaseAuthenticationEnabled: true }),
      ...watched,
      // A deploy does what its plan says, not what it will have done by the next maintenance window.
      applyImmediately: true,
      deletionProtection: props.protect,
      ...this.lastSnapshot(props),
    });
  }

  private createSubnetGroup(network: NetworkPlace): DbSubnetGroup {
    return new DbSubnetGroup(this, "subnet-group", {
      namePrefix: physicalName(this, "databaseSubnetGroupPrefix"),
      description: "Where the database may stand",
      subnetIds: network.dataTier.subnets.map((subnet) => subnet.id),
    });
  }

  private createParameterGroup(): DbParameterGroup {
    return new DbParameterGroup(this, "parameter-group", {
      namePrefix: physicalName(this, "databaseParameterGroupPrefix"),
      description: "TLS only",
      family: "mysql8.4",
      parameter: [{ name: "require_secure_transport", value: "1" }],
      lifecycle: { createBeforeDestroy: true },
    });
  }

  /**
   * A name for the last snapshot that no earlier database has left behind, yet the same in every plan: an id
   * that Terraform draws when the database is made, and again whenever it is made anew.
   */
  private lastSnapshot({ finalSnapshot, name, username }: DatabaseProps) {
    if (!finalSnapshot) return { skipFinalSnapshot: true };
    const generation = new DataResource(this, "generation", { triggersReplace: { name, username } });
    const finalSnapshotIdentifier = physicalName(this, "snapshot", "final", generation.id);
    return { skipFinalSnapshot: false, finalSnapshotIdentifier };
  }
}
