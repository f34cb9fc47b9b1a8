"""S3 gaps."""

import json

from tests.api import Api, error_code, unique
from tests.gap import gap


@gap("s3_policies.loopback_is_secure", aws="none")
def tls_only_bucket_takes_objects(api: Api) -> str:
    s3, name = api.client("s3"), unique("bucket")
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": s3.meta.region_name})
    statement = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [f"arn:aws:s3:::{name}", f"arn:aws:s3:::{name}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    s3.put_bucket_policy(Bucket=name, Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
    return error_code(lambda: s3.put_object(Bucket=name, Key="photo", Body=b"x"))
