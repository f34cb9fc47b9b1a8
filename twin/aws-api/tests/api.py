"""A running AWS API, plain moto or the twin's, and the means to ask it."""

import functools
import itertools
import json
import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import boto3
from botocore.config import Config

PACKAGE_FOLDER = Path(__file__).resolve().parent.parent
REGION = "eu-central-1"
T = TypeVar("T")

_names = itertools.count(1)


class Api:
    """One server, seen from one account. Without `is_twin`, reports go nowhere."""

    account = "123456789012"

    def __init__(self, url: str, is_twin: bool) -> None:
        self.url = url
        self.is_twin = is_twin
        # Making a client takes longer than most calls.
        self.client = functools.cache(self._client)

    def _client(self, service: str, region: str = REGION, key: str | None = None) -> Any:
        return boto3.client(
            service,
            region_name=region,
            endpoint_url=self.url,
            aws_access_key_id=key or f"AKIATWIN{self.account}",
            aws_secret_access_key="none",
            config=Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}),
        )

    def get(self, path: str) -> Any:
        with urllib.request.urlopen(self.url + path, timeout=10) as answer:
            return json.load(answer)

    def report(self, path: str, **body: Any) -> Any:
        """POST to a control endpoint; the answer, or {"status", "error"} if refused."""
        if not self.is_twin:
            return None
        request = urllib.request.Request(
            self.url + path, json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            return {"status": error.code, **json.load(error)}

    def here(self) -> dict[str, str]:
        """Account and region, as reports name them."""
        return {"account": self.account, "region": REGION}

    def world(self, kind: str, **match: Any) -> list[dict[str, Any]]:
        """The entries of one list of the world whose fields match."""
        return [entry for entry in self.get("/_twin/world")[kind] if match.items() <= entry.items()]

    def eventually(self, observe: Callable[[], T], expected: T, seconds: float = 4.0) -> T:
        """The observation as soon as it is `expected`, else the last one. Plain moto does
        everything at once, so there the first observation is the last."""
        end = time.monotonic() + (seconds if self.is_twin else 0)
        while (seen := observe()) != expected and time.monotonic() < end:
            time.sleep(0.05)
        return seen


def unique(name: str) -> str:
    """A name nobody else uses."""
    return f"{name}-{next(_names)}"


def error_code(call: Callable[[], Any]) -> str:
    """The AWS error code of a call, "none" if it succeeds."""
    from botocore.exceptions import ClientError

    try:
        call()
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    return "none"


def start_twin(*arguments: str, **options: Any) -> tuple[subprocess.Popen[str], str]:
    """The twin's API as a process of its own, and its address."""
    return _start(["-m", "webstead_aws_api", "--port", "0", *arguments], r"listening on (\S+)", **options)


def start_plain_moto() -> tuple[subprocess.Popen[str], str]:
    """moto's own server with the same settings."""
    from webstead_aws_api.settings import MOTO_SETTINGS

    process, url = _start(["-m", "moto.server", "-p", "0"], r"Running on (\S+)", env={**os.environ, **MOTO_SETTINGS})
    return process, url


def _start(command: list[str], ready: str, **options: Any) -> tuple[subprocess.Popen[str], str]:
    process = subprocess.Popen(
        [sys.executable, *command],
        cwd=PACKAGE_FOLDER,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        **{"stdin": subprocess.DEVNULL, **options},
    )
    said = []
    assert process.stdout is not None
    for line in process.stdout:
        said.append(line)
        found = re.search(ready, line)
        if found:
            return process, found.group(1)
    raise RuntimeError(f"the server ended before it was ready:\n{''.join(said)}")
