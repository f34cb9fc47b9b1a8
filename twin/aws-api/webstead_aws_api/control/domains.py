"""Hosted zones that an account has before anybody deploys, and the names in them that lead to a load balancer."""

from typing import Any

from moto.route53.models import Route53Backend, route53_backends

from webstead_aws_api.control.distributions import balancer_behind
from webstead_aws_api.control.problem import Problem

_PARTITION = "aws"


def hosted_zone(body: dict[str, Any]) -> dict[str, Any]:
    """Makes the zone of this id in the account, unless it is there."""
    account, zone_id, name = (body.get(field) for field in ("account", "id", "name"))
    if not account or not zone_id or not name:
        raise Problem(400, "a hosted zone is an account, an id and a name")
    backend: Route53Backend = route53_backends[account][_PARTITION]
    if zone_id in backend.zones:
        return {"made": False}
    zone = backend.create_hosted_zone(f"{name}.", private_zone=False)
    backend.zones[zone_id] = backend.zones.pop(zone.resource_id)
    zone.resource_id = zone_id
    return {"made": True}


def aliases() -> list[dict[str, str]]:
    """Each name that is an alias, and the load balancer it leads to, both without the last dot."""
    return [
        {"name": record.name.rstrip("."), "target": balancer_behind(record.alias_target["DNSName"].rstrip(".").lower())}
        for _, _, backend in route53_backends.iter_backends()
        for zone in backend.zones.values()
        for record in zone.rrsets
        if record.alias_target
    ]
