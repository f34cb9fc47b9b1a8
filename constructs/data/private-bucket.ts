import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket/index.js";
import { S3BucketLifecycleConfiguration } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration/index.js";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy/index.js";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block/index.js";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration/index.js";
import { S3BucketVersioningA } from "@cdktf/provider-aws/lib/s3-bucket-versioning/index.js";
import { Lazy } from "cdktf";
import { Construct } from "constructs";
import { physicalName } from "../naming.ts";

export interface PrivateBucketProps {
  /** What it holds, as a part of its name. */
  readonly content: string;
  /** Whether a destroy fails while something is in it. */
  readonly protect: boolean;
  /** ARN of the key it is encrypted with. @default a key of S3's own */
  readonly keyArn?: string | undefined;
  /** Days an object is kept. @default for ever */
  readonly expirationDays?: number;
  /** Days in which an overwritten or deleted object can be brought back. @default it cannot */
  readonly versionDays?: number;
}

/** A statement of a bucket's policy: exactly these actions, for one service. */
export interface Delivery {
  readonly service: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** A bucket that nobody outside can read, encrypted, and reached by TLS only. Costs what is in it: about $0.023 per GB. */
export class PrivateBucket extends Construct {
  readonly bucket: S3Bucket;
  /** What lets others in is there only when this is. */
  readonly policy: S3BucketPolicy;
  private readonly deliveries: Delivery[] = [];

  constructor(scope: Construct, id: string, props: PrivateBucketProps) {
    super(scope, id);
    this.bucket = new S3Bucket(this, "bucket", {
      bucketPrefix: physicalName(this, "bucketPrefix", props.content),
      forceDestroy: !props.protect,
    });
    const closed = this.closeToThePublic();
    this.encrypt(props.keyArn);
    if (props.versionDays !== undefined) this.keepVersions();
    if (props.versionDays !== undefined || props.expirationDays !== undefined) this.expire(props);
    this.policy = new S3BucketPolicy(this, "policy", {
      bucket: this.bucket.id,
      policy: Lazy.stringValue({ produce: () => this.renderPolicy() }),
      dependsOn: [closed],
    });
  }

  /** Lets a service of AWS put its files here. */
  allow(delivery: Delivery): void {
    this.deliveries.push(delivery);
  }

  private closeToThePublic(): S3BucketPublicAccessBlock {
    return new S3BucketPublicAccessBlock(this, "closed", {
      bucket: this.bucket.id,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
  }

  private encrypt(keyArn: string | undefined): void {
    new S3BucketServerSideEncryptionConfigurationA(this, "encryption", {
      bucket: this.bucket.id,
      rule: [
        {
          applyServerSideEncryptionByDefault: keyArn
            ? { sseAlgorithm: "aws:kms", kmsMasterKeyId: keyArn }
            : { sseAlgorithm: "AES256" },
          bucketKeyEnabled: keyArn !== undefined,
        },
      ],
    });
  }

  private keepVersions(): void {
    new S3BucketVersioningA(this, "versions", {
      bucket: this.bucket.id,
      versioningConfiguration: { status: "Enabled" },
    });
  }

  private expire({ expirationDays, versionDays }: PrivateBucketProps): void {
    new S3BucketLifecycleConfiguration(this, "lifecycle", {
      bucket: this.bucket.id,
      rule: [
        {
          id: "expire",
          status: "Enabled",
          filter: [{ prefix: "" }],
          abortIncompleteMultipartUpload: [{ daysAfterInitiation: 1 }],
          ...(expirationDays !== undefined && { expiration: [{ days: expirationDays }] }),
          ...(versionDays !== undefined && {
            noncurrentVersionExpiration: [{ noncurrentDays: versionDays }],
          }),
        },
      ],
    });
  }

  private renderPolicy(): string {
    const { arn } = this.bucket;
    const tlsOnly = {
      Sid: "TlsOnly",
      Effect: "Deny",
      Principal: "*",
      Action: "s3:*",
      Resource: [arn, `${arn}/*`],
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    };
    const deliveries = this.deliveries.map(({ service, actions, resources, condition }) => ({
      Effect: "Allow",
      Principal: { Service: service },
      Action: actions,
      Resource: resources,
      ...(condition && { Condition: condition }),
    }));
    return JSON.stringify({ Version: "2012-10-17", Statement: [tlsOnly, ...deliveries] });
  }
}
