"""Whose request it is."""

import re
from collections.abc import Callable

from moto.iam import models

from webstead_aws_api.gaps.patching import around

_NAMED = re.compile(r"A(?:KIA|SIA)TWIN(\d{12})")
_default_account = ["123456789012"]


def set_default_account(account: str) -> None:
    """`account` (12 digits) is taken for access keys that name none."""
    _default_account[0] = account


@around(models, "get_account_id_from")
def account_of_the_access_key(original: Callable[[str], str], access_key: str) -> str:
    """An access key belongs to one account, which its owner can choose.

    AKIATWIN/ASIATWIN + 12 digits names the account, so the provider's
    `allowed_account_ids` means something here; keys made by IAM and STS belong to the
    account they were made in. Unlike moto's own, the search makes no record of IAM in
    partitions nobody uses: with AWS's managed policies each costs tens of megabytes.
    """
    named = _NAMED.fullmatch(access_key)
    if named:
        return named.group(1)
    for account, _, backend in models.iam_backends.iter_backends():
        if access_key in backend.access_keys:  # type: ignore[attr-defined]
            return account
    return _default_account[0]
