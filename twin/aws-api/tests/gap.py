"""A gap as a test: one observation through the AWS API, and what AWS would show."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.api import Api


@dataclass(frozen=True)
class Gap:
    """`patches` are the names (file.function) of the patches that close it."""

    patches: tuple[str, ...]
    observe: Callable[[Api], Any]
    aws: Any

    @property
    def name(self) -> str:
        return self.observe.__name__


GAPS: list[Gap] = []


def gap(*patches: str, aws: Any) -> Callable[[Callable[[Api], Any]], Callable[[Api], Any]]:
    """Declare an observation: `aws` is what it returns on AWS and on the twin, and
    something else on plain moto for as long as the patch is needed."""

    def declare(observe: Callable[[Api], Any]) -> Callable[[Api], Any]:
        GAPS.append(Gap(patches, observe, aws))
        return observe

    return declare
