import { Construct } from "constructs";
import type { AccessLogSettings } from "../../config/settings/edge.ts";
import { PrivateBucket } from "../data/private-bucket.ts";

export interface AccessLogProps extends AccessLogSettings {
  /** Whether a destroy fails while something is in it. */
  readonly protect: boolean;
}

/** Every request to the load balancer, in files of five minutes. AWS delivers them to S3's own encryption only. */
export class AccessLog extends Construct {
  private readonly files: PrivateBucket;

  constructor(scope: Construct, id: string, { retentionDays, protect }: AccessLogProps) {
    super(scope, id);
    this.files = new PrivateBucket(this, "files", {
      content: "log",
      protect,
      expirationDays: retentionDays,
    });
    this.files.allow({
      service: "logdelivery.elasticloadbalancing.amazonaws.com",
      actions: ["s3:PutObject"],
      resources: [`${this.files.bucket.arn}/AWSLogs/*`],
    });
  }

  /** Name of the bucket, for who writes: known once the policy lets it in. */
  get bucketName(): string {
    return this.files.policy.bucket;
  }
}
