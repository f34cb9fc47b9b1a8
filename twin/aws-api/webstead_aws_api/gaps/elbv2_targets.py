"""Targets: their health as the twin's load balancer reports it, and their leaving."""

import time
from collections.abc import Callable, Iterable
from typing import Any

from moto.elbv2.exceptions import TargetGroupNotFoundError
from moto.elbv2.models import ELBv2Backend, FakeHealthStatus, FakeTargetGroup

from webstead_aws_api.gaps.patching import around

INITIAL = ("initial", "Elb.RegistrationInProgress", "Target registration is in progress")
NOT_IN_USE = (
    "unused",
    "Target.NotInUse",
    "Target group is not configured to receive traffic from the load balancer",
)
DRAINING = ("draining", "Target.DeregistrationInProgress", "Target deregistration is in progress")

Health = tuple[str, str | None, str | None]
"""State, reason code and description, as DescribeTargetHealth gives them."""


def _reported(group: FakeTargetGroup) -> dict[str, Health]:
    return group.__dict__.setdefault("twin_health", {})


def _leaving(group: FakeTargetGroup) -> dict[str, tuple[dict[str, Any], float]]:
    return group.__dict__.setdefault("twin_leaving", {})


def draining_targets(group: FakeTargetGroup) -> list[dict[str, Any]]:
    """The deregistered targets ({"Id", "Port"}) whose deregistration delay is not over."""
    leaving = _leaving(group)
    now = time.time()
    for target_id in [key for key, (_, until) in leaving.items() if until <= now]:
        del leaving[target_id]
    return [target for target, _ in leaving.values()]


def report_health(group: FakeTargetGroup, target_id: str, health: Health) -> bool:
    """From now on DescribeTargetHealth says `health`; "unused" ends the draining of a
    deregistered target. False: no such target."""
    if target_id in group.targets:
        _reported(group)[target_id] = health
        return True
    if health[0] == "unused":
        return _leaving(group).pop(target_id, None) is not None
    return target_id in _leaving(group)


def state_of(group: FakeTargetGroup, target_id: str) -> Health:
    """Health of a registered target."""
    if not group.load_balancer_arns:
        return NOT_IN_USE
    return _reported(group).get(target_id, INITIAL)


def _let_go(group: FakeTargetGroup, targets: Iterable[dict[str, Any]]) -> None:
    until = time.time() + float(group.attributes["deregistration_delay.timeout_seconds"])
    for target in targets:
        _reported(group).pop(target["Id"], None)
        # Nothing can be in flight to a target that no load balancer forwards to.
        if group.load_balancer_arns:
            _leaving(group)[target["Id"]] = (target, until)


@around(FakeTargetGroup, "register")
def registration_starts_afresh(
    original: Callable[..., None], self: FakeTargetGroup, targets: list[dict[str, Any]]
) -> None:
    """A target that is registered again is no longer draining, and is probed anew."""
    new = [target["Id"] for target in targets if target["Id"] not in self.targets]
    original(self, targets)
    for target_id in new:
        _leaving(self).pop(target_id, None)
        _reported(self).pop(target_id, None)


@around(FakeTargetGroup, "deregister")
def deregistered_targets_drain(
    original: Callable[..., None], self: FakeTargetGroup, targets: list[dict[str, Any]]
) -> None:
    """A deregistered target is `draining` until its deregistration delay is over."""
    known = [self.targets[target["Id"]] for target in targets if target["Id"] in self.targets]
    original(self, targets)
    _let_go(self, known)


@around(FakeTargetGroup, "deregister_terminated_instances")
def terminated_targets_drain(original: Callable[..., None], self: FakeTargetGroup, instance_ids: list[str]) -> None:
    """The target of a terminated instance is deregistered: it drains, and is then gone."""
    known = [self.targets[target_id] for target_id in instance_ids if target_id in self.targets]
    original(self, instance_ids)
    _let_go(self, known)


@around(FakeTargetGroup, "health_for")
def health_as_reported(
    original: Callable[..., FakeHealthStatus], self: FakeTargetGroup, target: dict[str, Any], ec2_backend: Any
) -> FakeHealthStatus:
    """A target's health is what the load balancer's probes found.

    moto calls each registered target healthy; Terraform's `wait_for_elb_capacity` would
    wait for nothing.
    """
    status = original(self, target, ec2_backend)
    registered = self.targets.get(target["Id"])
    if registered is not None:
        if status.status == "healthy":
            status.status, status.reason, status.description = state_of(self, target["Id"])
        return status
    for draining in draining_targets(self):
        if draining["Id"] == target["Id"]:
            status.port = draining["Port"]
            status.status, status.reason, status.description = DRAINING
            return status
    if target["Id"] in self.terminated_targets:
        # moto would call it draining for ever.
        status.status, status.reason = "unused", "Target.NotRegistered"
        status.description = "Target is not registered to the target group"
    return status


@around(ELBv2Backend, "describe_target_health")
def draining_targets_are_listed(
    original: Callable[..., list[FakeHealthStatus]],
    self: ELBv2Backend,
    target_group_arn: str,
    targets: list[dict[str, Any]],
) -> list[FakeHealthStatus]:
    """DescribeTargetHealth without targets lists the draining ones too."""
    group = self.target_groups.get(target_group_arn)
    if group is None:
        raise TargetGroupNotFoundError()
    if not targets:
        targets = [*group.targets.values(), *draining_targets(group)]
    return [group.health_for(target, self.ec2_backend) for target in targets]
