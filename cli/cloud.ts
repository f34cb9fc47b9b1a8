import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { EC2Client } from "@aws-sdk/client-ec2";
import { ECRClient } from "@aws-sdk/client-ecr";
import { ECSClient } from "@aws-sdk/client-ecs";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { IAMClient } from "@aws-sdk/client-iam";
import { RDSClient } from "@aws-sdk/client-rds";
import { ResourceGroupsTaggingAPIClient } from "@aws-sdk/client-resource-groups-tagging-api";
import { S3Client } from "@aws-sdk/client-s3";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SSMClient } from "@aws-sdk/client-ssm";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import type { Environment } from "../config/environment.ts";
import { caCertificate, resolveUrl, type TwinStatus, twinEnvironment } from "../twin/client.ts";
import type { Asking } from "./ask-url.ts";
import { Failure } from "./errors.ts";
import { agentsFor } from "./proxy.ts";
import type { Settings } from "./settings.ts";
import { mirrorVariables } from "./terraform/provider-mirror.ts";

/** Where an environment lives: AWS, or the twin on this machine. The steps of a deploy are the same for both. */
export interface Cloud {
  readonly kind: "aws" | "twin";
  /** The running twin, where it is one. */
  readonly twin?: TwinStatus;
  /** The variables that Terraform gets. */
  readonly variables: Readonly<Record<string, string>>;
  /** What `terraform init` needs beyond the stack's own backend block. */
  readonly backendArguments: readonly string[];
  readonly clients: Clients;
  /** How its URLs are asked. */
  readonly asking: Omit<Asking, "timeout">;
  /** The address to open for a URL that the stack puts out. */
  reachableUrl(url: string): Promise<string>;
}

/** The AWS services that the command line talks to. */
export type Clients = ReturnType<typeof createClients>;

type ClientOptions = ConstructorParameters<typeof STSClient>[0];

function createClients(options: ClientOptions) {
  return {
    autoScaling: new AutoScalingClient(options as object),
    ec2: new EC2Client(options as object),
    ecr: new ECRClient(options as object),
    ecs: new ECSClient(options as object),
    iam: new IAMClient(options as object),
    loadBalancing: new ElasticLoadBalancingV2Client(options as object),
    logs: new CloudWatchLogsClient(options as object),
    rds: new RDSClient(options as object),
    s3: new S3Client({ ...(options as object), forcePathStyle: true }),
    secrets: new SecretsManagerClient(options as object),
    ssm: new SSMClient(options as object),
    sts: new STSClient(options as object),
    tagging: new ResourceGroupsTaggingAPIClient(options as object),
  };
}

/** AWS itself, by the credentials of the user's shell and through their proxy. */
export function awsCloud(environment: Environment, settings: Settings): Cloud {
  const { proxy } = settings;
  return {
    kind: "aws",
    variables: { ...settings.environment, ...terraformVariables(settings), AWS_REGION: environment.region },
    backendArguments: [],
    clients: createClients({
      region: environment.region,
      ...(proxy && { requestHandler: agentsFor(proxy) }),
    }),
    asking: proxy ? { proxy } : {},
    reachableUrl: async (url) => url,
  };
}

/** The twin, whatever AWS settings the user's shell has. */
export function twinCloud(environment: Environment, settings: Settings, twin: TwinStatus): Cloud {
  const variables = twinEnvironment(twin, environment.account, environment.region);
  const inherited = Object.entries(settings.environment).filter(([name]) => !/^AWS_|^TF_VAR_/.test(name));
  return {
    kind: "twin",
    twin,
    variables: { ...Object.fromEntries(inherited), ...terraformVariables(settings), ...variables },
    backendArguments: ["-backend-config=use_path_style=true"],
    clients: createClients({
      region: environment.region,
      endpoint: twin.endpoint,
      credentials: {
        accessKeyId: variables.AWS_ACCESS_KEY_ID ?? "",
        secretAccessKey: variables.AWS_SECRET_ACCESS_KEY ?? "",
      },
      maxAttempts: 2,
    }),
    asking: { ca: caCertificate(twin) },
    reachableUrl: (url) => resolveUrl(twin, url),
  };
}

/** What every Terraform of ours runs with: the provider mirror where there is one, and no call home. */
export function terraformVariables(settings: Settings): Record<string, string> {
  return {
    ...mirrorVariables(settings.environment, `${settings.workDir}/terraform.rc`),
    CHECKPOINT_DISABLE: "1",
    TF_IN_AUTOMATION: "1",
  };
}

/** Refuses before anything is made when there are no credentials, or when they belong to another account. */
export async function checkIdentity(cloud: Cloud, environment: Environment): Promise<string> {
  let account: string | undefined;
  try {
    const identity = await cloud.clients.sts.send(new GetCallerIdentityCommand({}), {
      abortSignal: AbortSignal.timeout(20_000),
    });
    account = identity.Account;
  } catch (error) {
    const { name, message } = error as Error;
    throw new Failure(
      name === "CredentialsProviderError"
        ? `no AWS credentials found: sign in (aws sso login) or set AWS_PROFILE, then run this again; or try it without an account by adding --local`
        : `AWS refused the credentials (${name}: ${message}): check AWS_PROFILE and aws sts get-caller-identity`,
    );
  }
  if (account !== environment.account) {
    throw new Failure(
      `${environment.name}: the credentials belong to account ${account}, the environment to ${environment.account}; choose other credentials, or change "account" in config/environments/${environment.name}.ts`,
    );
  }
  return account;
}
