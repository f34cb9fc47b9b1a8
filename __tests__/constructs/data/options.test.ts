import { describe, expect, test } from "@jest/globals";
import { InstanceRole } from "../../../constructs/compute/instance-role.ts";
import { Database, type DatabaseProps } from "../../../constructs/data/database.ts";
import { DirectoryTable } from "../../../constructs/data/directory-table.ts";
import { PhotoBucket } from "../../../constructs/data/photo-bucket.ts";
import { Network } from "../../../constructs/network/network.ts";
import { small as dev } from "../../config/sample.ts";
import { synthesize } from "../synthesized.ts";

const databaseOf = (settings: Partial<DatabaseProps>) =>
  synthesize((stack) => {
    const network = new Network(stack, "network", { region: "us-east-1", nat: "single" });
    new Database(stack, "database", { network, protect: true, ...dev.database, ...settings });
  });

describe("a read replica", () => {
  const stack = databaseOf({ readReplica: {} });
  const [replica] = stack.all("aws_db_instance").filter((one) => one.replicate_source_db !== undefined);

  test("is a copy of the database, in its class, behind its security group", () => {
    expect(replica).toMatchObject({
      identifier: "webstead-dev-replica",
      replicate_source_db: expect.stringMatching(/^\$\{aws_db_instance\.database_instance.*\.identifier\}$/),
      instance_class: "db.t4g.micro",
      storage_encrypted: true,
      publicly_accessible: false,
    });
  });

  test("has no password, no backups and no last snapshot of its own", () => {
    expect(replica).toMatchObject({ backup_retention_period: 0, skip_final_snapshot: true });
    expect(replica).not.toHaveProperty("password_wo");
    expect(replica).not.toHaveProperty("final_snapshot_identifier");
  });
});

test("what is not asked for is not there", () => {
  const [instance] = databaseOf({}).all("aws_db_instance");
  for (const name of ["max_allocated_storage", "monitoring_interval", "kms_key_id", "snapshot_identifier"]) {
    expect(instance).not.toHaveProperty(name);
  }
});

test("a database is watched as closely as it was asked for", () => {
  const stack = databaseOf({ enhancedMonitoring: 15, performanceInsights: true, maxAllocatedStorage: 100 });
  expect(stack.one("aws_db_instance")).toMatchObject({
    monitoring_interval: 15,
    monitoring_role_arn: expect.stringContaining("aws_iam_role."),
    performance_insights_enabled: true,
    performance_insights_retention_period: 7,
    max_allocated_storage: 100,
  });
});

test("a key of one's own is used for the storage and for the secret", () => {
  const stack = databaseOf({ keyArn: "arn:key" });
  expect(stack.one("aws_db_instance").kms_key_id).toBe("arn:key");
  expect(stack.one("aws_secretsmanager_secret").kms_key_id).toBe("arn:key");
});

describe("storage", () => {
  const stack = synthesize((scope) => {
    const role = new InstanceRole(scope, "role");
    new PhotoBucket(scope, "photos", { protect: false, keyArn: "arn:key" }).grantReadWrite(role);
    new DirectoryTable(scope, "directory", { protect: true }).grantReadWrite(role);
  });
  const allowed = (name: string) =>
    JSON.parse(String(stack.all("aws_iam_role_policy").find((policy) => policy.name === name)?.policy))
      .Statement[0];

  test("keeps photos private, encrypted with the key, and each version for a month", () => {
    expect(stack.one("aws_s3_bucket").bucket_prefix).toBe("webstead-dev-photos-");
    expect(stack.one("aws_s3_bucket_versioning").versioning_configuration).toEqual({ status: "Enabled" });
    expect(stack.one("aws_s3_bucket_lifecycle_configuration").rule).toEqual([
      expect.objectContaining({ noncurrent_version_expiration: [{ noncurrent_days: 30 }] }),
    ]);
    expect(stack.one("aws_s3_bucket_server_side_encryption_configuration").rule).toEqual([
      expect.objectContaining({
        apply_server_side_encryption_by_default: { sse_algorithm: "aws:kms", kms_master_key_id: "arn:key" },
      }),
    ]);
  });

  test("lets the app at its photos and at nothing else in the bucket", () => {
    expect(allowed("photos")).toEqual({
      Effect: "Allow",
      Action: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
      Resource: [expect.stringMatching(/\/photos\/\*$/)],
    });
  });

  test("keeps the directory on demand, with point-in-time recovery, protected", () => {
    expect(stack.one("aws_dynamodb_table")).toMatchObject({
      billing_mode: "PAY_PER_REQUEST",
      hash_key: "id",
      point_in_time_recovery: { enabled: true },
      server_side_encryption: { enabled: true },
      deletion_protection_enabled: true,
    });
    expect(allowed("directory").Resource).toEqual([expect.stringContaining("aws_dynamodb_table.")]);
  });
});
