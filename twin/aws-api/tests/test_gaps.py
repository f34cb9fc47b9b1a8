"""Every patch is needed by plain moto, and makes the twin behave as AWS."""

from typing import Any

import pytest

from tests.api import Api
from tests.gap import GAPS, Gap
from tests.gaps import (  # noqa: F401
    account,
    autoscaling,
    autoscaling_health,
    cloudfront,
    cloudtrail,
    ec2,
    ecs,
    elbv2,
    rds,
    s3,
)
from webstead_aws_api.gaps import close_gaps  # noqa: F401  fills PATCHES
from webstead_aws_api.gaps.patching import PATCHES

each_gap = pytest.mark.parametrize("gap", GAPS, ids=lambda gap: gap.name)


def observe(gap: Gap, api: Api) -> Any:
    """What is seen; a failure of plain moto is an observation too."""
    try:
        return gap.observe(api)
    except Exception as error:
        if api.is_twin:
            raise
        return error


@each_gap
def test_plain_moto_needs_the_patch(gap: Gap, plain: Api) -> None:
    assert observe(gap, plain) != gap.aws, (
        f"plain moto behaves as AWS here by now: delete patch {', '.join(gap.patches)} and this test"
    )


@each_gap
def test_the_twin_behaves_as_aws(gap: Gap, twin: Api) -> None:
    assert observe(gap, twin) == gap.aws


def test_every_patch_has_a_gap_that_shows_it() -> None:
    assert {name for gap in GAPS for name in gap.patches} == set(PATCHES)
