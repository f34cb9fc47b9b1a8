import { describe, expect, test } from "@jest/globals";
import { InstanceRole } from "../../../constructs/compute/instance-role.ts";
import { Database, type DatabaseProps } from "../../../constructs/data/database.ts";
import { Network } from "../../../constructs/network/network.ts";
import { small as dev } from "../../config/sample.ts";
import { synthesize } from "../synthesized.ts";

const databaseOf = (settings: Partial<DatabaseProps> = {}) =>
  synthesize((stack) => {
    const network = new Network(stack, "network", { region: "us-east-1", nat: "single" });
    const database = new Database(stack, "database", {
      network,
      protect: false,
      ...dev.database,
      ...settings,
    });
    database.secret.grantRead(new InstanceRole(stack, "role"));
  });

describe("a database", () => {
  const stack = databaseOf();
  const instance = stack.one("aws_db_instance");

  test("is one instance with its groups and its secret", () => {
    expect(stack.inventory().filter((type) => /db|secret|data/.test(type))).toEqual([
      "aws_db_instance",
      "aws_db_parameter_group",
      "aws_db_subnet_group",
      "aws_secretsmanager_secret",
      "aws_secretsmanager_secret_version",
    ]);
  });

  test("is MySQL 8.4 on gp3", () => {
    expect(instance).toMatchObject({
      identifier: "webstead-dev",
      engine: "mysql",
      engine_version: "8.4",
      instance_class: "db.t4g.micro",
      storage_type: "gp3",
      allocated_storage: 20,
      db_name: "webapp",
      username: "webapp",
      port: 3306,
    });
  });

  test("cannot be reached from outside, and stands in the data tier", () => {
    expect(instance).toMatchObject({
      publicly_accessible: false,
      vpc_security_group_ids: [expect.stringContaining("database_connections")],
    });
    expect(stack.one("aws_db_subnet_group").subnet_ids).toEqual([
      expect.stringContaining("data_subnet-a"),
      expect.stringContaining("data_subnet-b"),
    ]);
  });

  test("is encrypted on disk and takes only TLS, with a pinned authority", () => {
    expect(instance).toMatchObject({ storage_encrypted: true, ca_cert_identifier: "rds-ca-rsa2048-g1" });
    expect(stack.one("aws_db_parameter_group")).toMatchObject({
      family: "mysql8.4",
      parameter: [{ name: "require_secure_transport", value: "1" }],
    });
  });

  test("keeps seven days of backups", () => {
    expect(instance).toMatchObject({ backup_retention_period: 7, copy_tags_to_snapshot: true });
  });

  test("gets its password through write-only arguments alone", () => {
    expect(instance).not.toHaveProperty("password");
    expect(instance.password_wo).toMatch(
      /^\$\{jsondecode\(ephemeral\.aws_secretsmanager_secret_version\.\w+\.secret_string\)\["password"\]\}$/,
    );
    const version = stack.one("aws_secretsmanager_secret_version");
    expect(version).not.toHaveProperty("secret_string");
    expect(version.secret_string_wo).toMatch(
      /^\$\{jsonencode\(\{ "username" = "webapp", "password" = ephemeral\.aws_secretsmanager_random_password\.\w+\.random_password \}\)\}$/,
    );
  });

  test("reads the password back from the very version that was written", () => {
    const [read] = Object.values(stack.json.ephemeral?.aws_secretsmanager_secret_version ?? {});
    expect(read?.version_id).toMatch(/^\$\{aws_secretsmanager_secret_version\.\w+\.version_id\}$/);
  });

  test("asks for a password that RDS takes", () => {
    const [random] = Object.values(stack.json.ephemeral?.aws_secretsmanager_random_password ?? {});
    expect(random).toEqual({ password_length: 40, exclude_punctuation: true });
  });

  test("lets a role read its secret and no other", () => {
    const policy = stack.all("aws_iam_role_policy").find(({ name }) => name === "read-database-secret");
    expect(JSON.parse(String(policy?.policy)).Statement).toEqual([
      {
        Effect: "Allow",
        Action: ["secretsmanager:GetSecretValue"],
        Resource: [expect.stringMatching(/^\$\{aws_secretsmanager_secret\.\w+\.arn\}$/)],
      },
    ]);
  });

  test("goes without a trace in an environment that wants it so", () => {
    expect(instance).toMatchObject({
      skip_final_snapshot: true,
      deletion_protection: false,
      delete_automated_backups: true,
    });
    expect(instance).not.toHaveProperty("final_snapshot_identifier");
    expect(stack.one("aws_secretsmanager_secret").recovery_window_in_days).toBe(0);
  });
});

test("a raised password version reaches secret and database in one deploy", () => {
  const stack = databaseOf({ passwordVersion: 3 });
  expect(stack.one("aws_db_instance").password_wo_version).toBe(3);
  expect(stack.one("aws_secretsmanager_secret_version").secret_string_wo_version).toBe(3);
});

test("a database to be kept is protected, on standby and leaves a last snapshot", () => {
  const instance = databaseOf({ protect: true, multiAz: true, finalSnapshot: true }).one("aws_db_instance");
  expect(instance).toMatchObject({ deletion_protection: true, multi_az: true, skip_final_snapshot: false });
});

test("the name of the last snapshot is the same in each plan, but new for each new database", () => {
  const stack = databaseOf({ finalSnapshot: true, name: "shop" });
  expect(stack.one("aws_db_instance").final_snapshot_identifier).toMatch(
    /^webstead-dev-final-\$\{terraform_data\.\w+\.id\}$/,
  );
  expect(stack.one("terraform_data").triggers_replace).toEqual({ name: "shop", username: "webapp" });
});
