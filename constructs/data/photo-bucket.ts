import { Construct } from "constructs";
import type { Role } from "../compute/role.ts";
import { PrivateBucket } from "./private-bucket.ts";

export interface PhotoBucketProps {
  /** Whether a destroy fails while a photo is in it. */
  readonly protect: boolean;
  /** ARN of the key it is encrypted with. @default S3's own */
  readonly keyArn?: string | undefined;
}

/** Days in which a photo that was overwritten or deleted can be brought back. */
const versionDays = 30;

/** The app's photos: nobody but the app reads them, and what it deletes is gone after a month. About $0.023 per GB. */
export class PhotoBucket extends Construct {
  private readonly photos: PrivateBucket;

  constructor(scope: Construct, id: string, props: PhotoBucketProps) {
    super(scope, id);
    this.photos = new PrivateBucket(this, "photos", { content: "photos", versionDays, ...props });
  }

  /** Name of the bucket. */
  get name(): string {
    return this.photos.bucket.id;
  }

  /** Lets the role read, write and delete photos, and nothing else in the bucket. */
  grantReadWrite(role: Role): void {
    role.allow("photos", {
      actions: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
      resources: [`${this.photos.bucket.arn}/photos/*`],
    });
  }
}
