import { Cloudtrail } from "@cdktf/provider-aws/lib/cloudtrail/index.js";
import { Construct } from "constructs";
import type { TrailSettings } from "../../config/settings/operations.ts";
import { PrivateBucket } from "../data/private-bucket.ts";
import { physicalName } from "../naming.ts";

export interface TrailProps extends TrailSettings {
  readonly account: string;
  readonly region: string;
  /** Whether a destroy fails while records are there. */
  readonly protect: boolean;
}

/**
 * Who called which management API in the account, in all regions, with digests that show whether a file was changed
 * afterwards. The first trail of an account is free but for the files: about $0.023 per GB.
 */
export class Trail extends Construct {
  constructor(scope: Construct, id: string, { account, region, retentionDays, protect }: TrailProps) {
    super(scope, id);
    const name = physicalName(this, "trail");
    const files = new PrivateBucket(this, "files", {
      content: "trail",
      protect,
      expirationDays: retentionDays,
    });
    const service = "cloudtrail.amazonaws.com";
    const own = { "aws:SourceArn": `arn:aws:cloudtrail:${region}:${account}:trail/${name}` };
    files.allow({
      service,
      actions: ["s3:GetBucketAcl"],
      resources: [files.bucket.arn],
      condition: { StringEquals: own },
    });
    files.allow({
      service,
      actions: ["s3:PutObject"],
      resources: [`${files.bucket.arn}/AWSLogs/${account}/*`],
      condition: { StringEquals: { ...own, "s3:x-amz-acl": "bucket-owner-full-control" } },
    });
    new Cloudtrail(this, "trail", {
      name,
      s3BucketName: files.bucket.id,
      isMultiRegionTrail: true,
      includeGlobalServiceEvents: true,
      enableLogFileValidation: true,
      dependsOn: [files.policy],
    });
  }
}
