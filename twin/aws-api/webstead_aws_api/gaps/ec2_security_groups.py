"""Security groups."""

from moto.ec2.models.security_groups import SecurityGroupRule

from webstead_aws_api.gaps.patching import computed


@computed(SecurityGroupRule, "description")
def description_of_any_rule(self: SecurityGroupRule) -> str | None:
    """A rule has its description, whatever its source is.

    moto keeps it for address ranges only; Terraform then plans to set it again for ever
    on each rule that names a security group.
    """
    return self.ip_range.get("Description") or self.source_group.get("Description")
