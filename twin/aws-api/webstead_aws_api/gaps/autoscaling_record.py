"""What a group did: its scaling activities."""

import uuid
from typing import Any

from moto.autoscaling.models import FakeAutoScalingGroup
from moto.core.utils import utcnow

KEPT = 100
"""How many activities of a group are remembered, the newest first."""


def activities(group: FakeAutoScalingGroup) -> list[dict[str, Any]]:
    """The group's activities, newest first, in the shape of DescribeScalingActivities."""
    return group.__dict__.setdefault("twin_activities", [])


def note(group: FakeAutoScalingGroup, description: str, cause: str) -> None:
    """Record something that was done."""
    _record(group, description, cause, "Successful", None)


def note_failure(group: FakeAutoScalingGroup, description: str, reason: str) -> None:
    """Record something that failed; `reason` is shown as the status message."""
    _record(group, description, "the desired capacity was not reached", "Failed", reason)


def _record(group: FakeAutoScalingGroup, description: str, cause: str, status: str, message: str | None) -> None:
    now = utcnow()
    record = activities(group)
    record.insert(
        0,
        {
            "ActivityId": str(uuid.uuid4()),
            "AutoScalingGroupName": group.name,
            "AutoScalingGroupARN": group.arn,
            "Description": description,
            "Cause": f"At {now:%Y-%m-%dT%H:%M:%SZ} {cause}.",
            "StartTime": now,
            "EndTime": now,
            "StatusCode": status,
            "StatusMessage": message,
            "Progress": 100,
        },
    )
    del record[KEPT:]
