"""Trails."""

import json
from collections.abc import Callable
from typing import Any

from moto.cloudtrail.responses import CloudTrailResponse

from webstead_aws_api.gaps.patching import around


@around(CloudTrailResponse, "describe_trails")
def only_the_named(original: Callable[..., str], self: CloudTrailResponse) -> str:
    """Whoever asks for some trails, by name or ARN, gets those alone; moto answers with all."""
    answer = json.loads(original(self))
    wanted = self._get_param("trailNameList") or []
    named = [one for one in answer["trailList"] if {one["Name"], one["TrailARN"]} & set(wanted)]
    return json.dumps({"trailList": named if wanted else answer["trailList"]})
