"""Tags of scalable targets. As with the policies of groups nothing is measured, so nothing scales."""

import json
from collections.abc import Callable

from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse

from webstead_aws_api.gaps.patching import added, around


def _tags(response: ApplicationAutoScalingResponse, arn: str) -> dict[str, str]:
    """The tags of the target with this ARN; of one that is not there, none that last."""
    for by_dimension in response.applicationautoscaling_backend.targets.values():
        for target in by_dimension.values():
            if target.arn == arn:
                return target.__dict__.setdefault("twin_tags", {})
    return {}


@around(ApplicationAutoScalingResponse, "register_scalable_target")
def registered_with_tags(original: Callable[..., str], self: ApplicationAutoScalingResponse) -> str:
    """A scalable target keeps the tags it was registered with."""
    answer = original(self)
    _tags(self, json.loads(answer)["ScalableTargetARN"]).update(self._get_param("Tags") or {})
    return answer


@added(ApplicationAutoScalingResponse, "list_tags_for_resource")
def listed(self: ApplicationAutoScalingResponse) -> str:
    """ListTagsForResource knows scalable targets: Terraform reads their tags at every plan."""
    return json.dumps({"Tags": _tags(self, self._get_param("ResourceARN"))})


@added(ApplicationAutoScalingResponse, "tag_resource")
def tagged(self: ApplicationAutoScalingResponse) -> str:
    """TagResource tags a scalable target."""
    _tags(self, self._get_param("ResourceARN")).update(self._get_param("Tags") or {})
    return "{}"


@added(ApplicationAutoScalingResponse, "untag_resource")
def untagged(self: ApplicationAutoScalingResponse) -> str:
    """UntagResource takes tags off a scalable target."""
    for key in self._get_param("TagKeys") or []:
        _tags(self, self._get_param("ResourceARN")).pop(key, None)
    return "{}"
