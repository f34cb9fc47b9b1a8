"""CloudFront as the twin's load balancer sees it: a distribution is an HTTPS listener of the balancer behind it."""

from collections.abc import Iterator
from typing import Any

from moto.cloudfront.models import Distribution, cloudfront_backends
from moto.elbv2.models import FakeLoadBalancer, elbv2_backends


def distribution_listeners(listeners: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """For each distribution in front of a load balancer a listener on 443, with the rules of the balancer's own on 80."""
    return [
        listener | {"arn": distribution.arn, "port": 443, "protocol": "HTTPS", "certificateArn": None}
        for distribution, balancer in _pairs()
        for listener in listeners
        if listener["loadBalancerArn"] == balancer.arn and listener["port"] == 80
    ]


def balancer_behind(name: str) -> str:
    """The DNS name of the load balancer behind a distribution; any other name as it is."""
    for distribution, balancer in _pairs():
        if distribution.domain_name == name:
            return str(balancer.dns_name).lower()
    return name


def _pairs() -> Iterator[tuple[Distribution, FakeLoadBalancer]]:
    balancers = {
        balancer.dns_name.lower(): balancer
        for _, _, backend in elbv2_backends.iter_backends()
        for balancer in backend.load_balancers.values()
    }
    for _, _, backend in cloudfront_backends.iter_backends():
        for distribution in backend.distributions.values():  # type: ignore[attr-defined]
            for origin in distribution.distribution_config.Origins["Items"]:
                if distribution.distribution_config.Enabled and origin.domain_name.lower() in balancers:
                    yield distribution, balancers[origin.domain_name.lower()]
