"""Scaling policies. The twin records them: nothing is measured, so nothing scales."""

from collections.abc import Callable
from typing import Any

from moto.autoscaling.models import FakeScalingPolicy

from webstead_aws_api.gaps.patching import around


@around(FakeScalingPolicy, "__init__")
def policies_are_enabled(original: Callable[..., None], self: FakeScalingPolicy, *arguments: Any, **named: Any) -> None:
    """A policy is enabled, and has no forecast that nobody asked for.

    moto says neither: Terraform then enables it at every apply.
    """
    original(self, *arguments, **named)
    self.enabled = True  # type: ignore[attr-defined]
    self.predictive_scaling_configuration = self.predictive_scaling_configuration or None  # type: ignore[assignment]
