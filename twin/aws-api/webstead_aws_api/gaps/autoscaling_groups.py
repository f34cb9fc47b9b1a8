"""Auto Scaling groups: their settings and bounds."""

from collections.abc import Callable
from typing import Any

from moto.autoscaling.exceptions import ValidationError
from moto.autoscaling.models import AutoScalingBackend, FakeAutoScalingGroup
from moto.autoscaling.responses import AutoScalingResponse
from moto.core.responses import ActionResult

from webstead_aws_api.gaps.autoscaling_lifecycle import activities, forget, reconcile
from webstead_aws_api.gaps.patching import around

UNSET = -1
"""What a caller sends to take an instance maintenance policy, warm-up or lifetime away."""


def _keep_settings(response: AutoScalingResponse) -> None:
    name = response._get_param("AutoScalingGroupName")
    group: Any = response.autoscaling_backend.autoscaling_groups[name]
    policy = response._get_param("InstanceMaintenancePolicy")
    if policy:
        values = {key: int(value) for key, value in dict(policy).items()}
        group.instance_maintenance_policy = None if UNSET in values.values() else values
    warmup = response._get_int_param("DefaultInstanceWarmup")
    if warmup is not None:
        group.default_instance_warmup = None if warmup == UNSET else warmup
    lifetime = response._get_int_param("MaxInstanceLifetime")
    if lifetime is not None:
        group.max_instance_lifetime = lifetime or None
    grace = response._get_int_param("HealthCheckGracePeriod")
    if grace is not None:
        # moto takes 0 for "not given" and makes it 300.
        group.health_check_grace_period = grace
    cooldown = response._get_int_param("DefaultCooldown")
    if cooldown is not None:
        group.default_cooldown = cooldown
    policies = response._get_param("TerminationPolicies")
    if policies:
        group.termination_policies = policies


@around(AutoScalingResponse, "create_auto_scaling_group")
def settings_at_creation(
    original: Callable[[AutoScalingResponse], ActionResult], self: AutoScalingResponse
) -> ActionResult:
    """A group keeps its instance maintenance policy, warm-up and instance lifetime.

    moto drops them, and Terraform plans to set them again for ever. A group whose image
    does not exist is refused at once.
    """
    _check_bounds(
        self._get_int_param("DesiredCapacity"), self._get_int_param("MinSize"), self._get_int_param("MaxSize")
    )
    _check_image(self)
    result = original(self)
    _keep_settings(self)
    return result


@around(AutoScalingResponse, "update_auto_scaling_group")
def settings_at_update(
    original: Callable[[AutoScalingResponse], ActionResult], self: AutoScalingResponse
) -> ActionResult:
    """An update keeps the settings, and a desired capacity lies between minimum and maximum."""
    group = self.autoscaling_backend.autoscaling_groups.get(self._get_param("AutoScalingGroupName"))
    if group is not None:
        low = self._get_int_param("MinSize", group.min_size)
        high = self._get_int_param("MaxSize", group.max_size)
        desired = self._get_int_param("DesiredCapacity")
        _check_bounds(desired, low, high)
        if desired is None:
            # moto compares the bounds with the instances of the moment, AWS with what is desired.
            group.desired_capacity = min(max(group.desired_capacity or 0, low or 0), high or 0)
    result = original(self)
    if group is not None:
        _keep_settings(self)
        reconcile(group)
    return result


@around(AutoScalingResponse, "set_desired_capacity")
def desired_capacity_within_bounds(
    original: Callable[[AutoScalingResponse], ActionResult], self: AutoScalingResponse
) -> ActionResult:
    """SetDesiredCapacity refuses what lies outside minimum and maximum."""
    group = self.autoscaling_backend.autoscaling_groups.get(self._get_param("AutoScalingGroupName"))
    if group is None:
        raise ValidationError("AutoScalingGroup name not found - null")
    desired = self._get_int_param("DesiredCapacity")
    for bound, edge, outside in (
        ("above max", group.max_size, desired > group.max_size),
        ("below min", group.min_size, desired < group.min_size),
    ):
        if outside:
            raise ValidationError(
                f"New SetDesiredCapacity value {desired} is {bound} value {edge} for the AutoScalingGroup."
            )
    return original(self)


def _check_image(response: AutoScalingResponse) -> None:
    """AWS refuses a group that could never launch; without this one waits for its capacity."""
    wanted = response._get_param("LaunchTemplate") or {}
    ec2 = response.autoscaling_backend.ec2_backend
    if wanted.get("LaunchTemplateId"):
        template = ec2.get_launch_template(wanted["LaunchTemplateId"])
    elif wanted.get("LaunchTemplateName"):
        template = ec2.get_launch_template_by_name(wanted["LaunchTemplateName"])
    else:
        return
    image = template.get_version(wanted.get("Version") or "$Default").image_id
    if image not in ec2.amis:
        raise ValidationError(
            f"You must use a valid fully-formed launch template. The image id '[{image}]' does not exist"
        )


def _check_bounds(desired: int | None, low: int | None, high: int | None) -> None:
    if low is not None and high is not None and low > high:
        raise ValidationError(f"Max bound, {high}, must be greater than or equal to min bound, {low}")
    if desired is not None and low is not None and high is not None and not low <= desired <= high:
        raise ValidationError(
            f"Desired capacity:{desired} must be between the specified min size:{low} and max size:{high}"
        )


@around(FakeAutoScalingGroup, "set_desired_capacity")
def capacity_follows_desire(
    original: Callable[..., None], self: FakeAutoScalingGroup, new_capacity: int | None
) -> None:
    """Scaling in deregisters the surplus instances before they are terminated.

    moto terminates them at once and leaves them in the target groups.
    """
    self.desired_capacity = self.min_size if new_capacity is None else new_capacity
    reconcile(self)


@around(AutoScalingBackend, "delete_auto_scaling_group")
def deletion_terminates(original: Callable[..., None], self: AutoScalingBackend, group_name: str) -> None:
    """A deleted group leaves no instance behind, not even one that still drains."""
    group = self.autoscaling_groups.get(group_name)
    if group is not None:
        forget(group)
    original(self, group_name)


@around(AutoScalingResponse, "describe_scaling_activities")
def activities_are_told(
    original: Callable[[AutoScalingResponse], ActionResult], self: AutoScalingResponse
) -> ActionResult:
    """Launches, terminations and failed launches are told as scaling activities.

    Terraform prints a failed launch's reason when a group does not reach its capacity.
    """
    name = self._get_param("AutoScalingGroupName")
    groups = self.autoscaling_backend.describe_auto_scaling_groups([name] if name else [])
    return ActionResult({"Activities": [activity for group in groups for activity in activities(group)]})
