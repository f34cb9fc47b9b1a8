import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  FilterLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import {
  DescribeSubnetsCommand,
  DescribeVpcsCommand,
  EC2Client,
  RegisterImageCommand,
  RunInstancesCommand,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  ElasticLoadBalancingV2Client,
  RegisterTargetsCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import {
  AddRoleToInstanceProfileCommand,
  CreateInstanceProfileCommand,
  CreateRoleCommand,
  IAMClient,
} from "@aws-sdk/client-iam";
import { CreateDBInstanceCommand, DescribeDBInstancesCommand, RDSClient } from "@aws-sdk/client-rds";
import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { type TwinStatus, twinEnvironment } from "../../../twin/client.ts";
import { until } from "../twin/until.ts";

const REGION = "eu-central-1";
const ACCOUNT = "123456789012";
const LOG_GROUP = "/webapp/machines";
const PASSWORD = "not-a-secret-here";

/** As much of a cloud as a booted instance needs around it, made by API calls: seconds instead of Terraform's minutes. */
export class SmallCloud {
  readonly ec2: EC2Client;
  readonly #options;
  #userData: Record<string, string> = {};
  #targetGroup = "";

  constructor(twin: TwinStatus) {
    const variables = twinEnvironment(twin, ACCOUNT, REGION);
    this.#options = {
      endpoint: twin.endpoint,
      region: REGION,
      credentials: {
        accessKeyId: variables.AWS_ACCESS_KEY_ID ?? "",
        secretAccessKey: variables.AWS_SECRET_ACCESS_KEY ?? "",
      },
    };
    this.ec2 = new EC2Client(this.#options);
  }

  /** Load balancer, database, secret, role, log group. @returns the load balancer's URL, as AWS would say it */
  async create(): Promise<string> {
    const logs = new CloudWatchLogsClient(this.#options);
    await logs.send(new CreateLogGroupCommand({ logGroupName: LOG_GROUP }));
    const rds = new RDSClient(this.#options);
    const id = "machines";
    await rds.send(
      new CreateDBInstanceCommand({
        DBInstanceIdentifier: id,
        DBInstanceClass: "db.t4g.micro",
        Engine: "mysql",
        DBName: "app",
        MasterUsername: "master",
        MasterUserPassword: PASSWORD,
        AllocatedStorage: 20,
      }),
    );
    const secret = await new SecretsManagerClient(this.#options).send(
      new CreateSecretCommand({
        Name: "machines",
        SecretString: JSON.stringify({ username: "master", password: PASSWORD }),
      }),
    );
    await this.#createRole();
    const url = await this.#createLoadBalancer();
    const { answer } = await until(
      "the database to be available",
      async () =>
        (await rds.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: id }))).DBInstances?.[0],
      (database) => database?.DBInstanceStatus === "available",
      60_000,
    );
    this.#userData = {
      PORT: "80",
      DB_HOST: answer?.Endpoint?.Address ?? "",
      DB_PORT: String(answer?.Endpoint?.Port),
      DB_NAME: "app",
      DB_SECRET_ARN: secret.ARN ?? "",
      AWS_REGION: REGION,
      LOG_GROUP,
    };
    return url;
  }

  /** Registers an image of a release. */
  async registerImage(name: string, releaseDigest: string): Promise<string> {
    const tags = [{ Key: "ReleaseDigest", Value: releaseDigest }];
    const { ImageId = "" } = await this.ec2.send(
      new RegisterImageCommand({
        Name: name,
        Architecture: "x86_64",
        RootDeviceName: "/dev/xvda",
        TagSpecifications: [{ ResourceType: "image", Tags: tags }],
      }),
    );
    return ImageId;
  }

  /** Launches an instance with the app's user data, some of it changed. */
  async launch(imageId: string, changed: Record<string, string> = {}): Promise<string> {
    const lines = Object.entries({ ...this.#userData, ...changed }).map(
      ([name, value]) => `${name}=${value}\n`,
    );
    const { Instances } = await this.ec2.send(
      new RunInstancesCommand({
        ImageId: imageId,
        MinCount: 1,
        MaxCount: 1,
        IamInstanceProfile: { Name: "machines" },
        UserData: Buffer.from(lines.join("")).toString("base64"),
      }),
    );
    return Instances?.[0]?.InstanceId ?? "";
  }

  /** Puts an instance behind the load balancer. */
  async register(instanceId: string): Promise<void> {
    await new ElasticLoadBalancingV2Client(this.#options).send(
      new RegisterTargetsCommand({
        TargetGroupArn: this.#targetGroup,
        Targets: [{ Id: instanceId, Port: 80 }],
      }),
    );
  }

  /** Terminates an instance. */
  async terminate(instanceId: string): Promise<void> {
    await this.ec2.send(new TerminateInstancesCommand({ InstanceIds: [instanceId] }));
  }

  /** What CloudWatch has of an instance, all lines as one text. */
  async logged(instanceId: string): Promise<string> {
    const { events = [] } = await new CloudWatchLogsClient(this.#options).send(
      new FilterLogEventsCommand({ logGroupName: LOG_GROUP, logStreamNames: [instanceId] }),
    );
    return events.map(({ message }) => message).join("\n");
  }

  async #createRole(): Promise<void> {
    const iam = new IAMClient(this.#options);
    const trust = { Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" };
    await iam.send(
      new CreateRoleCommand({
        RoleName: "machines",
        AssumeRolePolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement: [trust] }),
      }),
    );
    await iam.send(new CreateInstanceProfileCommand({ InstanceProfileName: "machines" }));
    await iam.send(
      new AddRoleToInstanceProfileCommand({ InstanceProfileName: "machines", RoleName: "machines" }),
    );
  }

  async #createLoadBalancer(): Promise<string> {
    const elb = new ElasticLoadBalancingV2Client(this.#options);
    const { Subnets = [] } = await this.ec2.send(new DescribeSubnetsCommand({}));
    const { Vpcs = [] } = await this.ec2.send(new DescribeVpcsCommand({}));
    const { LoadBalancers } = await elb.send(
      new CreateLoadBalancerCommand({
        Name: "machines",
        Subnets: Subnets.flatMap(({ SubnetId }) => SubnetId ?? []).slice(0, 2),
      }),
    );
    const { TargetGroups } = await elb.send(
      new CreateTargetGroupCommand({
        Name: "machines",
        Protocol: "HTTP",
        Port: 80,
        VpcId: Vpcs[0]?.VpcId,
        HealthCheckPath: "/healthz",
        HealthCheckIntervalSeconds: 5,
        HealthCheckTimeoutSeconds: 2,
        HealthyThresholdCount: 2,
        UnhealthyThresholdCount: 2,
      }),
    );
    this.#targetGroup = TargetGroups?.[0]?.TargetGroupArn ?? "";
    await elb.send(
      new CreateListenerCommand({
        LoadBalancerArn: LoadBalancers?.[0]?.LoadBalancerArn,
        Protocol: "HTTP",
        Port: 80,
        DefaultActions: [{ Type: "forward", TargetGroupArn: this.#targetGroup }],
      }),
    );
    return `http://${LoadBalancers?.[0]?.DNSName}`;
  }
}
