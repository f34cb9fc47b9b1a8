"""The control endpoints, /_twin/*: what the twin reads, and what it reports back."""

from webstead_aws_api.control.application import ControlApplication

__all__ = ["ControlApplication"]
