"""CloudTrail gaps."""

from tests.api import Api, unique
from tests.gap import gap


@gap("cloudtrail_trails.only_the_named", aws=[["first"], ["second"], ["first", "second"]])
def trails_by_name_or_arn(api: Api) -> list[list[str]]:
    s3, cloudtrail, bucket = api.client("s3"), api.client("cloudtrail"), unique("bucket")
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": s3.meta.region_name})
    arns = [
        cloudtrail.create_trail(Name=name, S3BucketName=bucket)["TrailARN"] for name in ("first", "second")
    ]

    def named(*names: str) -> list[str]:
        return sorted(one["Name"] for one in cloudtrail.describe_trails(trailNameList=names)["trailList"])

    return [named("first"), named(arns[1]), named(*arns)]
