"""Instances."""

from typing import Any

from moto.ec2.models.instances import Instance

from webstead_aws_api.gaps.patching import computed

_REPORTED = "twin_status"
_running_status = Instance.instance_status.fget


def report_status(instance: Instance, status: str) -> None:
    """From now on the instance's status check says `status`: "ok" or "impaired"."""
    setattr(instance, _REPORTED, status)


@computed(Instance, "instance_status")
def status_as_reported(self: Instance) -> dict[str, Any]:
    """An instance's reachability check can fail while the instance runs."""
    status: dict[str, Any] = _running_status(self)  # type: ignore[misc]
    if status.get("Status") == "ok" and getattr(self, _REPORTED, "ok") != "ok":
        return {"Details": [{"Name": "reachability", "Status": "failed"}], "Status": "impaired"}
    return status
