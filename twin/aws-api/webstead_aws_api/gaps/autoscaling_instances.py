"""The instances of Auto Scaling groups: health, replacement and target groups."""

import time
from collections.abc import Callable
from typing import Any

from moto.autoscaling.exceptions import ValidationError
from moto.autoscaling.models import (
    AutoScalingBackend,
    FakeAutoScalingGroup,
    InstanceState,
    TerminateInstanceActivity,
)
from moto.autoscaling.responses import AutoScalingResponse
from moto.core.responses import ActionResult, EmptyResult

from webstead_aws_api.gaps.autoscaling_lifecycle import reconcile, retire, target_groups
from webstead_aws_api.gaps.patching import around, computed


def find(backend: AutoScalingBackend, instance_id: str) -> tuple[FakeAutoScalingGroup, InstanceState]:
    """The group and the record of an instance; a ValidationError, as AWS's, if no group has it."""
    for group in backend.autoscaling_groups.values():
        for state in group.instance_states:
            if state.instance.id == instance_id:
                return group, state
    raise ValidationError(f"Instance Id not found - No managed instance found for instance ID: {instance_id}")


@around(InstanceState, "__init__")
def moment_of_service(original: Callable[..., None], self: Any, *arguments: Any, **named: Any) -> None:
    """An instance knows since when it is in service: the health check grace period counts from there."""
    original(self, *arguments, **named)
    self.launched_at = self.in_service_since = time.time()


@computed(InstanceState, "launch_template")
def version_it_was_launched_from(self: InstanceState) -> dict[str, Any] | None:
    """An instance names the launch template version it was launched from.

    moto names the template's default version: after a rollout old and new look the same.
    """
    tags = {tag["key"]: tag["value"] for tag in self.instance.get_tags()}
    template = self.auto_scaling_group.ec2_launch_template
    if template is None:
        return None
    version = tags.get("aws:ec2launchtemplate:version", str(template.default_version_number))
    return {"LaunchTemplateId": template.id, "LaunchTemplateName": template.name, "Version": version}


@around(AutoScalingBackend, "set_instance_health")
def unhealthy_is_replaced(
    original: Callable[..., None], self: AutoScalingBackend, instance_id: str, health_status: str
) -> None:
    """An unhealthy instance is replaced.

    Terminated first and then replaced; the other way round where the group's instance
    maintenance policy keeps 100 % healthy and allows more than that.
    """
    group, state = find(self, instance_id)
    state.health_status = health_status
    reconcile(group)


@around(AutoScalingResponse, "set_instance_health")
def grace_period_is_respected(
    original: Callable[[AutoScalingResponse], ActionResult], self: AutoScalingResponse
) -> ActionResult:
    """SetInstanceHealth within the grace period changes nothing, unless told not to respect it."""
    group, state = find(self.autoscaling_backend, self._get_param("InstanceId"))
    respected = self._get_bool_param("ShouldRespectGracePeriod", True)
    since: float = state.in_service_since  # type: ignore[attr-defined]
    within = state.lifecycle_state == "Pending" or time.time() < since + (group.health_check_grace_period or 0)
    if self._get_param("HealthStatus") == "Unhealthy" and respected and within:
        return EmptyResult()
    return original(self)


@around(AutoScalingBackend, "notify_terminate_instances")
def terminated_is_replaced(original: Callable[..., None], self: AutoScalingBackend, instance_ids: list[str]) -> None:
    """An instance that EC2 terminated is replaced, and the new one is registered as the old one was.

    moto launches the new one and never registers it.
    """
    for group in self.autoscaling_groups.values():
        if any(state.instance.id in instance_ids for state in group.instance_states):
            self.elbv2_backend.notify_terminate_instances(instance_ids)
            group.instance_states = [state for state in group.instance_states if state.instance.id not in instance_ids]
            reconcile(group)


@around(AutoScalingBackend, "update_attached_target_groups")
def in_service_is_registered(original: Callable[..., None], self: AutoScalingBackend, group_name: str) -> None:
    """Instances in service are registered in the group's target groups; pending and leaving ones are not."""
    group = self.autoscaling_groups.get(group_name)
    if group is None:
        return
    for target_group in target_groups(group):
        for state in group.instance_states:
            new = state.instance.id not in target_group.targets
            if new and state.lifecycle_state == "InService" and state.instance.state == "running":
                target_group.register([{"Id": state.instance.id, "Port": target_group.port}])


@around(AutoScalingBackend, "terminate_instance")
def termination_by_the_group(
    original: Callable[..., Any], self: AutoScalingBackend, instance_id: str, should_decrement: bool
) -> TerminateInstanceActivity:
    """TerminateInstanceInAutoScalingGroup deregisters the instance before it is terminated."""
    group, state = find(self, instance_id)
    capacity = group.desired_capacity or 0
    if should_decrement:
        if capacity - 1 < (group.min_size or 0):
            raise ValidationError(
                "Currently, desiredSize equals minSize. Terminating instance without replacement will "
                "violate group's min size constraint. Either set shouldDecrementDesiredCapacity flag to "
                "false or lower group's min size."
            )
        group.desired_capacity = capacity - 1
    retire(group, state, "it was taken out of service in response to a user request")
    reconcile(group)
    return TerminateInstanceActivity(state.instance, capacity)


@around(AutoScalingBackend, "detach_instances")
def detached_is_deregistered(
    original: Callable[..., Any],
    self: AutoScalingBackend,
    group_name: str,
    instance_ids: list[str],
    should_decrement: bool,
) -> Any:
    """A detached instance leaves the group's target groups."""
    activities = original(self, group_name, instance_ids, should_decrement)
    for target_group in target_groups(self.autoscaling_groups[group_name]):
        gone = [{"Id": instance_id} for instance_id in instance_ids if instance_id in target_group.targets]
        target_group.deregister(gone)
    return activities
