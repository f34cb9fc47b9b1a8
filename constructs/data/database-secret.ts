import { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret/index.js";
import { SecretsmanagerSecretVersion } from "@cdktf/provider-aws/lib/secretsmanager-secret-version/index.js";
import { Construct } from "constructs";
import type { Role } from "../compute/role.ts";
import { physicalName } from "../naming.ts";
import { EphemeralResource } from "./ephemeral-resource.ts";

export interface DatabaseSecretProps {
  readonly username: string;
  /** A higher number makes a new password. */
  readonly version: number;
  /** Days in which a deleted secret can be brought back; 0: none. */
  readonly recoveryDays: number;
  /** ARN of the key it is encrypted with. @default Secrets Manager's own */
  readonly keyArn?: string | undefined;
}

/**
 * The database's user and password, as JSON `{"username","password"}`. Made by AWS, written and read back
 * through write-only arguments: the password is in no state, no plan and no JSON. About $0.40 a month.
 */
export class DatabaseSecret extends Construct {
  readonly arn: string;
  /** Terraform expression of the password, for write-only arguments only. */
  readonly password: string;

  constructor(scope: Construct, id: string, props: DatabaseSecretProps) {
    super(scope, id);
    const secret = this.createSecret(props);
    this.arn = secret.arn;
    this.password = this.readBack(secret, this.createVersion(secret, props));
  }

  /** Lets the role read this secret, and no other. */
  grantRead(role: Role): void {
    role.allow("read-database-secret", {
      actions: ["secretsmanager:GetSecretValue"],
      resources: [this.arn],
    });
  }

  /** A prefix: the name of a deleted secret stays taken until its recovery time is over. */
  private createSecret({ recoveryDays, keyArn }: DatabaseSecretProps): SecretsmanagerSecret {
    return new SecretsmanagerSecret(this, "secret", {
      namePrefix: physicalName(this, "secretPrefix", "database"),
      description: "User and password of the database",
      recoveryWindowInDays: recoveryDays,
      ...(keyArn && { kmsKeyId: keyArn }),
    });
  }

  private createVersion(
    secret: SecretsmanagerSecret,
    { username, version }: DatabaseSecretProps,
  ): SecretsmanagerSecretVersion {
    // RDS for MySQL takes up to 41 characters, but not all punctuation.
    const random = new EphemeralResource(this, "random", "aws_secretsmanager_random_password", {
      password_length: 40,
      exclude_punctuation: true,
    });
    const password = random.attribute("random_password");
    return new SecretsmanagerSecretVersion(this, "version", {
      secretId: secret.id,
      secretStringWo: `\${jsonencode({ "username" = "${username}", "password" = ${password} })}`,
      secretStringWoVersion: version,
    });
  }

  /** What is random differs in each run; what was kept is what the database must get. */
  private readBack(secret: SecretsmanagerSecret, version: SecretsmanagerSecretVersion): string {
    const current = new EphemeralResource(this, "current", "aws_secretsmanager_secret_version", {
      secret_id: secret.id,
      version_id: version.versionId,
    });
    return `\${jsondecode(${current.attribute("secret_string")})["password"]}`;
  }
}
