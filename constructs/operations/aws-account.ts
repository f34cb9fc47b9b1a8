import { AwsProvider } from "@cdktf/provider-aws/lib/provider/index.js";
import { S3Backend, TerraformStack, TerraformVariable, Token } from "cdktf";
import { Construct } from "constructs";
import type { Environment } from "../../config/environment.ts";
import { stateBucketName, stateKey } from "../../config/names.ts";

/** Where everything goes: the provider with its account guard and tags, and the state in S3. */
export class AwsAccount extends Construct {
  constructor(scope: Construct, id: string, environment: Environment) {
    super(scope, id);
    this.requireVersions();
    this.createProvider(environment);
    this.createBackend(environment);
  }

  /** Write-only arguments and ephemeral resources need Terraform 1.11. */
  private requireVersions(): void {
    const stack = TerraformStack.of(this);
    stack.addOverride("terraform.required_version", ">= 1.11.0");
    // The binding says only "aws", which neither OpenTofu nor a lock file can tell apart from another's.
    stack.addOverride("terraform.required_providers.aws", { source: "hashicorp/aws", version: "5.100.0" });
  }

  private createProvider({ account, region, project, name }: Environment): void {
    const local = this.createLocalVariable();
    new AwsProvider(this, "aws", {
      region,
      allowedAccountIds: [account],
      defaultTags: [{ tags: { Project: project, Environment: name } }],
      s3UsePathStyle: local.booleanValue,
      maxRetries: Token.asNumber(`\${${local.fqn} ? 2 : 25}`),
    });
  }

  /** The one thing that tells the twin from AWS: a loopback address has no bucket subdomains, nor slow days. */
  private createLocalVariable(): TerraformVariable {
    const local = new TerraformVariable(this, "local", {
      type: "bool",
      default: false,
      description: "Whether AWS_ENDPOINT_URL points to the twin on this machine",
    });
    local.overrideLogicalId("local");
    return local;
  }

  private createBackend(environment: Environment): void {
    new S3Backend(this, {
      bucket: stateBucketName(environment),
      key: stateKey(environment),
      region: environment.region,
      encrypt: true,
    });
    // The binding of the backend is older than the lock file in the bucket.
    TerraformStack.of(this).addOverride("terraform.backend.s3.use_lockfile", true);
  }
}
