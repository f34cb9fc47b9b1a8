"""VPC origins of CloudFront: the way to a load balancer that has no public address."""

import uuid
from collections.abc import Callable
from typing import Any

from moto.cloudfront import urls
from moto.cloudfront.exceptions import EntityNotFound, InvalidIfMatchVersion
from moto.cloudfront.models import CloudFrontBackend, Origin
from moto.cloudfront.responses import CloudFrontResponse
from moto.core.responses import ActionResult
from moto.core.utils import utcnow

from webstead_aws_api.gaps.patching import added, around

urls.url_paths["{0}/2020-05-31/vpc-origin$"] = CloudFrontResponse.dispatch
urls.url_paths["{0}/2020-05-31/vpc-origin/(?P<vpc_origin_id>[^/]+)$"] = CloudFrontResponse.dispatch


def vpc_origins(backend: CloudFrontBackend) -> dict[str, dict[str, Any]]:
    """The VPC origins of an account, by id."""
    return backend.__dict__.setdefault("twin_vpc_origins", {})


def _asked_for(response: CloudFrontResponse) -> dict[str, Any]:
    origin = vpc_origins(response.backend).get(response._get_param("Id"))
    if origin is None:
        raise EntityNotFound
    if_match = response._get_param("IfMatch")
    if if_match is not None and if_match != origin["ETag"]:
        raise InvalidIfMatchVersion
    return origin


def _answer(origin: dict[str, Any]) -> ActionResult:
    return ActionResult({"VpcOrigin": origin["VpcOrigin"], "ETag": origin["ETag"]})


@added(CloudFrontResponse, "create_vpc_origin")
def created(self: CloudFrontResponse) -> ActionResult:
    """CreateVpcOrigin makes an origin, which is deployed at once."""
    identifier = f"vo_{uuid.uuid4().hex[:22]}"
    arn = f"arn:aws:cloudfront::{self.current_account}:vpcorigin/{identifier}"
    now = utcnow()
    vpc_origins(self.backend)[identifier] = {
        "ETag": f"E{uuid.uuid4().hex[:13].upper()}",
        "VpcOrigin": {
            "Id": identifier,
            "Arn": arn,
            "Status": "Deployed",
            "CreatedTime": now,
            "LastModifiedTime": now,
            "VpcOriginEndpointConfig": self._get_param("VpcOriginEndpointConfig"),
        },
    }
    self.backend.tagger.tag_resource(arn, self._get_param("Tags.Items") or [])
    return _answer(vpc_origins(self.backend)[identifier])


@added(CloudFrontResponse, "get_vpc_origin")
def read(self: CloudFrontResponse) -> ActionResult:
    """GetVpcOrigin tells what an origin leads to."""
    return _answer(_asked_for(self))


@added(CloudFrontResponse, "update_vpc_origin")
def updated(self: CloudFrontResponse) -> ActionResult:
    """UpdateVpcOrigin leads an origin elsewhere."""
    origin = _asked_for(self)
    origin["VpcOrigin"]["VpcOriginEndpointConfig"] = self._get_param("VpcOriginEndpointConfig")
    origin["ETag"] = f"E{uuid.uuid4().hex[:13].upper()}"
    return _answer(origin)


@added(CloudFrontResponse, "delete_vpc_origin")
def deleted(self: CloudFrontResponse) -> ActionResult:
    """DeleteVpcOrigin takes an origin away."""
    origin = _asked_for(self)
    return _answer(vpc_origins(self.backend).pop(origin["VpcOrigin"]["Id"]))


@around(Origin, "__init__")
def origin_in_a_vpc(original: Callable[..., None], self: Origin, origin: dict[str, Any]) -> None:
    """A distribution's origin may be one in a VPC."""
    original(self, origin)
    if "VpcOriginConfig" in origin:
        config = origin["VpcOriginConfig"]
        self.vpc_origin_config = {  # type: ignore[attr-defined]
            "VpcOriginId": config["VpcOriginId"],
            "OriginReadTimeout": config.get("OriginReadTimeout") or 30,
            "OriginKeepaliveTimeout": config.get("OriginKeepaliveTimeout") or 5,
        }
