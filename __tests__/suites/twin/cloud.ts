import { AutoScalingClient, DescribeAutoScalingGroupsCommand } from "@aws-sdk/client-auto-scaling";
import { DescribeInstancesCommand, EC2Client } from "@aws-sdk/client-ec2";
import {
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { DescribeDBInstancesCommand, RDSClient } from "@aws-sdk/client-rds";
import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { type Connection, createConnection } from "mysql2/promise";
import type { Checkout } from "./checkout.ts";

/** What opens the database. */
export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** The twin's cloud, seen from outside by the AWS API: with the variables that `twin env` gives. */
export class Cloud {
  readonly rds: RDSClient;
  readonly #ec2: EC2Client;
  readonly #autoScaling: AutoScalingClient;
  readonly #loadBalancing: ElasticLoadBalancingV2Client;
  readonly #secrets: SecretsManagerClient;
  readonly #outputs: Readonly<Record<string, string>>;

  constructor(variables: Readonly<Record<string, string>>, outputs: Readonly<Record<string, string>>) {
    const options = {
      endpoint: variables.AWS_ENDPOINT_URL ?? "",
      region: variables.AWS_REGION ?? "",
      credentials: {
        accessKeyId: variables.AWS_ACCESS_KEY_ID ?? "",
        secretAccessKey: variables.AWS_SECRET_ACCESS_KEY ?? "",
      },
    };
    this.#ec2 = new EC2Client(options);
    this.rds = new RDSClient(options);
    this.#autoScaling = new AutoScalingClient(options);
    this.#loadBalancing = new ElasticLoadBalancingV2Client(options);
    this.#secrets = new SecretsManagerClient(options);
    this.#outputs = outputs;
  }

  /** The cloud of a checkout's `dev`, with the variables that `twin env` gives. */
  static async of(checkout: Checkout, variables: Readonly<Record<string, string>>): Promise<Cloud> {
    const { stdout } = await checkout.run("terraform", ["output", "-json"], {
      cwd: checkout.stackFolder,
      env: variables,
    });
    const outputs = JSON.parse(String(stdout)) as Record<string, { value: string }>;
    const values = Object.entries(outputs).map(([name, { value }]) => [name, value]);
    return new Cloud(variables, Object.fromEntries(values));
  }

  /** Identifier of the stack's database. */
  get databaseId(): string {
    return this.#outputs.database_identifier ?? "";
  }

  /** Instance ids of the group, by its own listing. */
  async instanceIds(): Promise<string[]> {
    const name = this.#outputs.auto_scaling_group ?? "";
    const { AutoScalingGroups } = await this.#autoScaling.send(
      new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [name] }),
    );
    return (AutoScalingGroups?.[0]?.Instances ?? []).flatMap(({ InstanceId }) => InstanceId ?? []);
  }

  /** When an instance was launched, milliseconds since 1970. */
  async launchedAt(id: string): Promise<number> {
    const { Reservations } = await this.#ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
    return Reservations?.[0]?.Instances?.[0]?.LaunchTime?.getTime() ?? Number.NaN;
  }

  /** State of each registered target, by instance id. */
  async targetHealth(): Promise<Record<string, string>> {
    const { TargetHealthDescriptions = [] } = await this.#loadBalancing.send(
      new DescribeTargetHealthCommand({ TargetGroupArn: this.#outputs.target_group_arn }),
    );
    return Object.fromEntries(
      TargetHealthDescriptions.map(({ Target, TargetHealth }) => [
        Target?.Id ?? "",
        TargetHealth?.State ?? "",
      ]),
    );
  }

  /** Status of the database, as RDS tells it. */
  async databaseStatus(): Promise<string> {
    const { DBInstances } = await this.rds.send(
      new DescribeDBInstancesCommand({ DBInstanceIdentifier: this.databaseId }),
    );
    return DBInstances?.[0]?.DBInstanceStatus ?? "";
  }

  /** The database's user and password, from the secret. */
  async credentials(): Promise<Credentials> {
    const { SecretString } = await this.#secrets.send(
      new GetSecretValueCommand({ SecretId: this.#outputs.secret_arn }),
    );
    return JSON.parse(SecretString ?? "{}");
  }

  /** Puts another user and password into the secret. */
  async putCredentials(credentials: Credentials): Promise<void> {
    const SecretString = JSON.stringify(credentials);
    await this.#secrets.send(new PutSecretValueCommand({ SecretId: this.#outputs.secret_arn, SecretString }));
  }

  /** A connection to the real database server, over verified TLS. Default: with the secret's user. */
  async connect(ca: string, credentials?: Credentials): Promise<Connection> {
    const { DBInstances } = await this.rds.send(
      new DescribeDBInstancesCommand({ DBInstanceIdentifier: this.databaseId }),
    );
    const { Endpoint, DBName } = DBInstances?.[0] ?? {};
    const { username, password } = credentials ?? (await this.credentials());
    return createConnection({
      host: Endpoint?.Address ?? "",
      port: Endpoint?.Port ?? 3306,
      user: username,
      password,
      database: DBName ?? "",
      // The name in the certificate is an IP address, which mysql2 compares with "localhost": the chain is verified.
      ssl: { ca },
    });
  }

  /** Rows of a query, asked of the real database server with the secret's user, over verified TLS. */
  async query(sql: string, ca: string): Promise<Record<string, unknown>[]> {
    const connection = await this.connect(ca);
    try {
      const [rows] = await connection.query(sql);
      return rows as Record<string, unknown>[];
    } finally {
      await connection.end();
    }
  }
}
