"""Distributions of CloudFront: what was not asked for is not there. Terraform would take it away at every apply."""

from collections.abc import Callable
from typing import Any

from moto.cloudfront.models import DefaultCacheBehaviour, ViewerCertificate

from webstead_aws_api.gaps.patching import around


@around(DefaultCacheBehaviour, "__init__")
def policies_instead_of_forwarded_values(
    original: Callable[..., None], self: DefaultCacheBehaviour, config: dict[str, Any]
) -> None:
    """A behaviour with a cache policy has no forwarded values."""
    original(self, config)
    if config.get("CachePolicyId"):
        self.forwarded_values = None  # type: ignore[assignment]


@around(ViewerCertificate, "__init__")
def a_certificate_of_its_own(original: Callable[..., None], self: ViewerCertificate, config: dict[str, Any]) -> None:
    """A distribution with a certificate of ACM does not show CloudFront's."""
    original(self, config)
    if self.acm_certificate_arn:
        self.cloud_front_default_certificate = False
