"""Bucket policies."""

import json
from collections.abc import Callable
from typing import Any

from moto.s3.models import FakeBucket

from webstead_aws_api.gaps.patching import around

_TLS_ONLY = {"Bool": {"aws:SecureTransport": "false"}}


@around(FakeBucket, "get_permission")
def loopback_is_secure(original: Callable[..., Any], self: FakeBucket, action: str, resource: str) -> Any:
    """A policy that denies what comes without TLS denies nothing here: loopback is no wire.

    moto takes no notice of a statement's condition, so such a policy denies every object
    to everybody.
    """
    policy = self.policy
    if policy is None:
        return original(self, action, resource)
    document = json.loads(policy)
    statements = [one for one in document.get("Statement", []) if one.get("Condition") != _TLS_ONLY]
    self.policy = json.dumps({**document, "Statement": statements}).encode()
    try:
        return original(self, action, resource)
    finally:
        self.policy = policy
