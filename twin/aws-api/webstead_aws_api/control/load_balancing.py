"""The part of the world a load balancer is made of."""

from typing import Any

from moto.elbv2.models import FakeAction, FakeListener, FakeTargetGroup, elbv2_backends

from webstead_aws_api.gaps.elbv2_targets import draining_targets


def load_balancers() -> list[dict[str, Any]]:
    """All load balancers; one that was just made is active, as its record alone is complete."""
    found = []
    for account, region, backend in elbv2_backends.iter_backends():
        for balancer in backend.load_balancers.values():
            balancer.activate()
            found.append(
                {
                    "account": account,
                    "region": region,
                    "arn": balancer.arn,
                    "name": balancer.name,
                    "dnsName": balancer.dns_name,
                    "state": balancer.state,
                    "attributes": {key: str(value) for key, value in balancer.attrs.items()},
                }
            )
    return found


def listeners() -> list[dict[str, Any]]:
    """All listeners, each with its rules in the order they are tried: the default rule last."""
    return [
        {
            "arn": listener.arn,
            "loadBalancerArn": listener.load_balancer_arn,
            "port": int(listener.port),
            "protocol": listener.protocol,
            "certificateArn": listener.certificate,
            "rules": _rules(listener),
        }
        for _, _, backend in elbv2_backends.iter_backends()
        for balancer in backend.load_balancers.values()
        for listener in balancer.listeners.values()
    ]


def _rules(listener: FakeListener) -> list[dict[str, Any]]:
    ordered = sorted(
        listener.rules.values(),
        key=lambda rule: float("inf") if rule.is_default else int(rule.priority),
    )
    return [
        {
            "arn": rule.arn,
            "priority": str(rule.priority),
            "conditions": [_plain(condition) for condition in rule.conditions],
            "actions": [_action(action) for action in rule.actions],
        }
        for rule in ordered
    ]


def _action(action: FakeAction) -> dict[str, Any]:
    return dict(_plain(action.data))


def _plain(value: Any) -> Any:
    """Moto's own mappings and enumerations as what JSON knows."""
    if isinstance(value, dict):
        return {str(key): _plain(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [_plain(entry) for entry in value]
    return value


def target_groups() -> list[dict[str, Any]]:
    """All target groups with their targets; a deregistered one is there, marked, while it drains."""
    return [
        {
            "arn": group.arn,
            "name": group.name,
            "protocol": group.protocol,
            "port": int(group.port or 0),
            "targetType": group.target_type,
            "loadBalancerArns": group.load_balancer_arns,
            "healthCheck": _health_check(group),
            "attributes": {key: str(value) for key, value in group.attributes.items()},
            "targets": _targets(group),
        }
        for _, _, backend in elbv2_backends.iter_backends()
        for group in backend.target_groups.values()
    ]


def _health_check(group: FakeTargetGroup) -> dict[str, Any]:
    return {
        "enabled": group.health_check_enabled,
        "protocol": group.health_check_protocol,
        "port": str(group.health_check_port),
        "path": group.health_check_path,
        "intervalSeconds": int(group.health_check_interval_seconds),
        "timeoutSeconds": int(group.health_check_timeout_seconds),
        "healthyThreshold": int(group.healthy_threshold_count),
        "unhealthyThreshold": int(group.unhealthy_threshold_count),
        "matcher": getattr(group, "matcher", {}).get("HttpCode"),
    }


def _targets(group: FakeTargetGroup) -> list[dict[str, Any]]:
    registered = [{"id": target["Id"], "port": int(target["Port"])} for target in group.targets.values()]
    draining = [
        {"id": target["Id"], "port": int(target["Port"]), "draining": True} for target in draining_targets(group)
    ]
    return registered + draining
