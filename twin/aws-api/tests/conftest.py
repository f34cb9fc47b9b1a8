"""The two servers, each started once."""

import subprocess
import threading
from collections.abc import Iterator

import pytest

from tests.api import Api, start_plain_moto, start_twin


def _drained(process: subprocess.Popen[str]) -> None:
    def read() -> None:
        assert process.stdout is not None
        for _ in process.stdout:
            pass

    threading.Thread(target=read, daemon=True).start()


def _served(process: subprocess.Popen[str], api: Api) -> Iterator[Api]:
    _drained(process)
    yield api
    process.kill()
    process.wait(10)


@pytest.fixture(scope="session")
def plain() -> Iterator[Api]:
    """Plain moto."""
    process, url = start_plain_moto()
    yield from _served(process, Api(url, is_twin=False))


@pytest.fixture(scope="session")
def twin() -> Iterator[Api]:
    """The twin's API."""
    process, url = start_twin()
    yield from _served(process, Api(url, is_twin=True))
