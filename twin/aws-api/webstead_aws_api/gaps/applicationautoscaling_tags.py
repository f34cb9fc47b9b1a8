"""Tags of scalable targets. As with the policies of groups nothing is measured, so nothing scales."""

import json
from collections.abc import Callable

from moto.applicationautoscaling.models import FakeScalableTarget
from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse

from webstead_aws_api.gaps.patching import added, around


def _tags(response: ApplicationAutoScalingResponse) -> dict[str, str]:
    """The tags of the target that the request names."""
    arn = response._get_param("ResourceARN")
    for by_dimension in response.applicationautoscaling_backend.targets.values():
        for target in by_dimension.values():
            if target.arn == arn:
                return _of(target)
    return {}


def _of(target: FakeScalableTarget) -> dict[str, str]:
    return target.__dict__.setdefault("twin_tags", {})


@around(ApplicationAutoScalingResponse, "register_scalable_target")
def registered_with_tags(original: Callable[..., str], self: ApplicationAutoScalingResponse) -> str:
    """A scalable target keeps the tags it was registered with."""
    answer = original(self)
    arn, tags = json.loads(answer)["ScalableTargetARN"], self._get_param("Tags") or {}
    for by_dimension in self.applicationautoscaling_backend.targets.values():
        for target in by_dimension.values():
            if target.arn == arn:
                _of(target).update(tags)
    return answer


@added(ApplicationAutoScalingResponse, "list_tags_for_resource")
def listed(self: ApplicationAutoScalingResponse) -> str:
    """ListTagsForResource knows scalable targets: Terraform reads their tags at every plan."""
    return json.dumps({"Tags": _tags(self)})


@added(ApplicationAutoScalingResponse, "tag_resource")
def tagged(self: ApplicationAutoScalingResponse) -> str:
    """TagResource tags a scalable target."""
    _tags(self).update(self._get_param("Tags") or {})
    return "{}"


@added(ApplicationAutoScalingResponse, "untag_resource")
def untagged(self: ApplicationAutoScalingResponse) -> str:
    """UntagResource takes tags off a scalable target."""
    for key in self._get_param("TagKeys") or []:
        _tags(self).pop(key, None)
    return "{}"
