"""The life of a group's instances: launch, in service, replaced, drained, terminated.

moto does each step at once, when it is asked; AWS does them as time goes by. `advance_groups`
is that time.
"""

import math
import time
from typing import Any

from moto.autoscaling.models import FakeAutoScalingGroup, InstanceState, autoscaling_backends
from moto.core.exceptions import ServiceException
from moto.elbv2.models import FakeTargetGroup

from webstead_aws_api.gaps.autoscaling_launch import launch
from webstead_aws_api.gaps.autoscaling_record import activities, note, note_failure
from webstead_aws_api.gaps.elbv2_targets import draining_targets, state_of

__all__ = ["activities", "advance_groups", "forget", "reconcile", "retire"]

PENDING_SECONDS = 1.0
"""How long a launched instance stays Pending."""

RETRY_SECONDS = 10.0
"""How long after a failed launch the next is tried."""


def advance_groups() -> None:
    """Bring every group that exists to where AWS would have it now."""
    for _, _, backend in autoscaling_backends.iter_backends():
        for group in list(backend.autoscaling_groups.values()):  # type: ignore[attr-defined]
            reconcile(group)


def reconcile(group: FakeAutoScalingGroup) -> None:
    """Bring one group to where AWS would have it now."""
    _finish_launches(group)
    _drop_dead(group)
    _replace_unhealthy(group)
    _reach_desired(group)
    _finish_terminations(group)


def retire(group: FakeAutoScalingGroup, state: InstanceState, cause: str) -> None:
    """Deregister an instance; it is terminated when its targets have drained."""
    state.lifecycle_state = "Terminating"
    note(group, f"Terminating EC2 instance: {state.instance.id}", cause)
    for target_group in target_groups(group):
        if state.instance.id in target_group.targets:
            target_group.deregister([{"Id": state.instance.id}])


def forget(group: FakeAutoScalingGroup) -> None:
    """Terminate all instances of a group that is about to be deleted."""
    group.desired_capacity = group.min_size = 0
    for state in list(group.instance_states):
        _terminate(group, state)


def target_groups(group: FakeAutoScalingGroup) -> list[FakeTargetGroup]:
    """The group's target groups that (still) exist."""
    existing = group.autoscaling_backend.elbv2_backend.target_groups
    return [existing[arn] for arn in group.target_group_arns if arn in existing]


def is_suspended(group: FakeAutoScalingGroup, process: str) -> bool:
    """Whether the user suspended this process of the group."""
    return any(entry["ProcessName"] == process for entry in group.suspended_processes)


def _live(group: FakeAutoScalingGroup) -> list[InstanceState]:
    return [state for state in group.instance_states if state.lifecycle_state in ("Pending", "InService")]


def _healthy(group: FakeAutoScalingGroup) -> list[InstanceState]:
    return [state for state in _live(group) if state.health_status == "Healthy"]


def _finish_launches(group: FakeAutoScalingGroup) -> None:
    now = time.time()
    for state in group.instance_states:
        fresh: Any = state
        if state.lifecycle_state != "Pending" or now < fresh.launched_at + PENDING_SECONDS:
            continue
        if state.instance.state == "running":
            state.lifecycle_state = "InService"
            fresh.in_service_since = now
    group.autoscaling_backend.update_attached_target_groups(group.name)


def _drop_dead(group: FakeAutoScalingGroup) -> None:
    """An instance that was stopped or terminated behind the group's back is no candidate any more."""
    for state in list(group.instance_states):
        if state.instance.state == "terminated":
            group.instance_states.remove(state)
        elif state.instance.state != "running" and state.lifecycle_state == "InService":
            retire(group, state, "an EC2 health check found that it does not run")


def _replace_unhealthy(group: FakeAutoScalingGroup) -> None:
    unhealthy = [state for state in _live(group) if state.health_status != "Healthy"]
    if not unhealthy or is_suspended(group, "ReplaceUnhealthy"):
        return
    desired = group.desired_capacity or 0
    if _launches_first(group) and sum(_is_ready(group, state) for state in _healthy(group)) < desired:
        if len(_live(group)) < _ceiling(group) or len(_healthy(group)) >= desired:
            return
        unhealthy = unhealthy[-1:]
    for state in unhealthy:
        retire(group, state, "it was found unhealthy")


def _reach_desired(group: FakeAutoScalingGroup) -> None:
    desired = group.desired_capacity or 0
    healthy = _healthy(group)
    missing = min(desired - len(healthy), _ceiling(group) - len(_live(group)))
    if missing > 0:
        _try_launch(group, missing)
    movable = [state for state in healthy if not state.protected_from_scale_in]
    for state in movable[: max(0, len(healthy) - desired)]:
        retire(group, state, "the desired capacity was lowered")


def _try_launch(group: FakeAutoScalingGroup, count: int) -> None:
    record: Any = group.__dict__
    if is_suspended(group, "Launch") or time.time() < record.get("twin_next_launch", 0):
        return
    try:
        for state in launch(group, count):
            note(group, f"Launching a new EC2 instance: {state.instance.id}", "the desired capacity was not reached")
    except ServiceException as error:
        record["twin_next_launch"] = time.time() + RETRY_SECONDS
        note_failure(group, "Launching a new EC2 instance", str(error))


def _finish_terminations(group: FakeAutoScalingGroup) -> None:
    draining = {target["Id"] for target_group in target_groups(group) for target in draining_targets(target_group)}
    for state in list(group.instance_states):
        if state.lifecycle_state == "Terminating" and state.instance.id not in draining:
            _terminate(group, state)


def _terminate(group: FakeAutoScalingGroup, state: InstanceState) -> None:
    group.ec2_backend.terminate_instances([state.instance.id])
    group.autoscaling_backend.elbv2_backend.notify_terminate_instances([state.instance.id])
    group.instance_states.remove(state)


def _maintenance(group: FakeAutoScalingGroup) -> dict[str, int]:
    return getattr(group, "instance_maintenance_policy", None) or {}


def _launches_first(group: FakeAutoScalingGroup) -> bool:
    return _maintenance(group).get("MinHealthyPercentage", 0) >= 100 and _ceiling(group) > (group.desired_capacity or 0)


def _ceiling(group: FakeAutoScalingGroup) -> int:
    percentage = max(100, _maintenance(group).get("MaxHealthyPercentage", 100))
    return math.floor((group.desired_capacity or 0) * percentage / 100)


def _is_ready(group: FakeAutoScalingGroup, state: InstanceState) -> bool:
    """In service, warmed up and, for a group with ELB health checks, healthy in all its target groups."""
    fresh: Any = state
    warmup = getattr(group, "default_instance_warmup", None) or 0
    if state.lifecycle_state != "InService" or time.time() < fresh.in_service_since + warmup:
        return False
    if "ELB" not in group.health_check_type:
        return True
    return all(
        state_of(target_group, state.instance.id)[0] == "healthy"
        for target_group in target_groups(group)
        if target_group.load_balancer_arns
    )
