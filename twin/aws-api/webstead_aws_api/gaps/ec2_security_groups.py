"""Security groups."""

import inspect
from collections.abc import Callable
from typing import Any

from moto.ec2.models.security_groups import SecurityGroupRule

from webstead_aws_api.gaps.patching import around, computed


@computed(SecurityGroupRule, "description")
def description_of_any_rule(self: SecurityGroupRule) -> str | None:
    """A rule has its description, whatever its source is.

    moto keeps it for address ranges only; Terraform then plans to set it again for ever
    on each rule that names a security group.
    """
    of_list = self.__dict__.get("twin_list_description")
    return self.ip_range.get("Description") or self.source_group.get("Description") or of_list


@around(SecurityGroupRule, "__init__")
def description_of_a_prefix_list(
    original: Callable[..., None], self: SecurityGroupRule, *arguments: Any, **named: Any
) -> None:
    """A rule about a prefix list has its description too; moto keeps the list's id alone."""
    original(self, *arguments, **named)
    prefix_list = inspect.signature(original).bind(self, *arguments, **named).arguments.get("prefix_list_id")
    self.__dict__["twin_list_description"] = (prefix_list or {}).get("Description")
