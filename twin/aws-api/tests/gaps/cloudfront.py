"""CloudFront gaps."""

from typing import Any

from tests.api import Api, unique
from tests.gap import gap
from tests.scenery import network


def endpoint(arn: str) -> dict[str, Any]:
    return {
        "Name": unique("origin"),
        "Arn": arn,
        "HTTPPort": 80,
        "HTTPSPort": 443,
        "OriginProtocolPolicy": "http-only",
        "OriginSslProtocols": {"Quantity": 1, "Items": ["TLSv1.2"]},
    }


def balancer(api: Api) -> dict[str, Any]:
    return api.client("elbv2").create_load_balancer(Name=unique("lb"), Subnets=network(api).subnets, Scheme="internal")[
        "LoadBalancers"
    ][0]


@gap(
    "cloudfront_vpc_origins.created",
    "cloudfront_vpc_origins.read",
    "cloudfront_vpc_origins.updated",
    "cloudfront_vpc_origins.deleted",
    aws=["Deployed", "arn:first", "arn:second", "EntityNotFound"],
)
def vpc_origin_lives_and_dies(api: Api) -> list[Any]:
    cloudfront = api.client("cloudfront")
    made = cloudfront.create_vpc_origin(
        VpcOriginEndpointConfig=endpoint("arn:first"), Tags={"Items": [{"Key": "Project", "Value": "webstead"}]}
    )
    identifier = made["VpcOrigin"]["Id"]

    def leads_to() -> str:
        return cloudfront.get_vpc_origin(Id=identifier)["VpcOrigin"]["VpcOriginEndpointConfig"]["Arn"]

    seen = [made["VpcOrigin"]["Status"], leads_to()]
    changed = cloudfront.update_vpc_origin(
        Id=identifier, IfMatch=made["ETag"], VpcOriginEndpointConfig=endpoint("arn:second")
    )
    seen.append(leads_to())
    cloudfront.delete_vpc_origin(Id=identifier, IfMatch=changed["ETag"])
    try:
        leads_to()
    except cloudfront.exceptions.ClientError as error:
        seen.append(error.response["Error"]["Code"])
    return seen


def distribution(api: Api) -> dict[str, Any]:
    """A distribution in front of an internal load balancer."""
    cloudfront = api.client("cloudfront")
    there = balancer(api)
    origin = cloudfront.create_vpc_origin(VpcOriginEndpointConfig=endpoint(there["LoadBalancerArn"]))["VpcOrigin"]["Id"]
    return cloudfront.create_distribution(
        DistributionConfig={
            "CallerReference": unique("call"),
            "Comment": "",
            "Enabled": True,
            "Aliases": {"Quantity": 1, "Items": ["app.example.com"]},
            "Origins": {
                "Quantity": 1,
                "Items": [
                    {"Id": "lb", "DomainName": there["DNSName"], "VpcOriginConfig": {"VpcOriginId": origin}}
                ],
            },
            "DefaultCacheBehavior": {
                "TargetOriginId": "lb",
                "ViewerProtocolPolicy": "redirect-to-https",
                "CachePolicyId": "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
            },
            "ViewerCertificate": {
                "ACMCertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/1",
                "SSLSupportMethod": "sni-only",
            },
        }
    )["Distribution"]


@gap("cloudfront_vpc_origins.origin_in_a_vpc", aws=[True, 30])
def distribution_leads_into_the_vpc(api: Api) -> list[Any]:
    made = distribution(api)
    config = api.client("cloudfront").get_distribution_config(Id=made["Id"])["DistributionConfig"]
    origin = config["Origins"]["Items"][0]["VpcOriginConfig"]
    return [origin["VpcOriginId"].startswith("vo_"), origin["OriginReadTimeout"]]


@gap(
    "cloudfront_distributions.policies_instead_of_forwarded_values",
    "cloudfront_distributions.a_certificate_of_its_own",
    aws=[False, False],
)
def distribution_has_what_it_was_asked_for(api: Api) -> list[Any]:
    cloudfront = api.client("cloudfront")
    identifier = distribution(api)["Id"]
    config = cloudfront.get_distribution_config(Id=identifier)["DistributionConfig"]
    return [
        "ForwardedValues" in config["DefaultCacheBehavior"],
        config["ViewerCertificate"]["CloudFrontDefaultCertificate"],
    ]
