"""What AWS does by itself as time goes by; the server calls it before each request that could see the outcome."""

from webstead_aws_api.gaps.autoscaling_lifecycle import advance_groups
from webstead_aws_api.gaps.ecs_services import advance_services


def advance() -> None:
    """Bring every group and every service to where AWS would have it now."""
    advance_groups()
    advance_services()
