"""Launch templates."""

from collections.abc import Callable
from typing import Any

from moto.ec2.models.launch_templates import LaunchTemplateVersion
from moto.ec2.utils import parse_user_data

from webstead_aws_api.gaps.patching import around


@around(LaunchTemplateVersion, "__init__")
def every_version_keeps_its_data(
    original: Callable[..., None],
    self: LaunchTemplateVersion,
    template: Any,
    number: int,
    data: dict[str, Any],
    description: str,
) -> None:
    """A second version carries user data as the first, and a version's data holds no tags of the template.

    moto asserts on the user data of later versions (500 when an instance is launched), and
    mixes the template's own tags into the launch data, which Terraform reads as a change.
    """
    if isinstance(data.get("UserData"), str):
        data["UserData"] = parse_user_data(data["UserData"])
    if "TagSpecifications" in data:
        launched = [tags for tags in data["TagSpecifications"] if tags.get("ResourceType") != "launch-template"]
        data["TagSpecifications"] = launched
        if not launched:
            del data["TagSpecifications"]
    original(self, template, number, data, description)
