import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias/index.js";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key/index.js";
import { Construct } from "constructs";
import type { Role } from "../compute/role.ts";
import { physicalName } from "../naming.ts";

export interface CustomerKeyProps {
  readonly account: string;
  readonly region: string;
  /** Whether AWS waits 30 days before it deletes the key, instead of 7. What it encrypted is lost with it. */
  readonly protect: boolean;
}

/** A key of one's own, which AWS renews each year. About $1 a month. */
export class CustomerKey extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: CustomerKeyProps) {
    super(scope, id);
    const key = new KmsKey(this, "key", {
      description: `Data of ${physicalName(this, "tag")}`,
      enableKeyRotation: true,
      deletionWindowInDays: props.protect ? 30 : 7,
      policy: this.renderPolicy(props),
    });
    new KmsAlias(this, "alias", { name: physicalName(this, "keyAlias"), targetKeyId: key.id });
    this.arn = key.arn;
  }

  /** Lets the role read and write what is encrypted with it. */
  grantUse(role: Role): void {
    role.allow("customer-key", {
      actions: ["kms:Decrypt", "kms:GenerateDataKey"],
      resources: [this.arn],
    });
  }

  /** Whoever may manage the account may manage the key: without that, AWS itself could not help who is locked out. */
  private renderPolicy({ account, region }: CustomerKeyProps): string {
    const owner = {
      Sid: "Owner",
      Effect: "Allow",
      Principal: { AWS: `arn:aws:iam::${account}:root` },
      Action: "kms:*",
      Resource: "*",
    };
    const logs = {
      Sid: "Logs",
      Effect: "Allow",
      Principal: { Service: `logs.${region}.amazonaws.com` },
      Action: [
        "kms:Decrypt",
        "kms:DescribeKey",
        "kms:Encrypt",
        "kms:GenerateDataKey",
        "kms:ReEncryptFrom",
        "kms:ReEncryptTo",
      ],
      Resource: "*",
      Condition: {
        ArnLike: {
          "kms:EncryptionContext:aws:logs:arn": `arn:aws:logs:${region}:${account}:log-group:${physicalName(this, "logGroup")}/*`,
        },
      },
    };
    return JSON.stringify({ Version: "2012-10-17", Statement: [owner, logs] });
  }
}
