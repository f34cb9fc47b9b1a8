"""The process: where it listens, and that it never outlives the one that wanted it."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.api import PACKAGE_FOLDER, start_twin

Start = Callable[..., tuple["subprocess.Popen[str]", str]]


@pytest.fixture
def start() -> Iterator[Start]:
    """Start servers; whatever a failed test leaves running is killed."""
    started: list[subprocess.Popen[str]] = []

    def begin(*arguments: str, **options: Any) -> tuple[subprocess.Popen[str], str]:
        process, url = start_twin(*arguments, **options)
        started.append(process)
        return process, url

    yield begin
    for process in started:
        process.kill()
        process.wait()


def _ends(process: subprocess.Popen[str], within: float = 1.0) -> int:
    return process.wait(within)


def test_sigterm_ends_it_at_once(start: Start) -> None:
    process, _ = start()
    process.send_signal(signal.SIGTERM)
    assert _ends(process) == 0


def test_it_ends_when_its_stdin_closes(start: Start) -> None:
    process, _ = start(stdin=subprocess.PIPE)
    assert process.stdin is not None
    process.stdin.close()
    assert _ends(process) == 0


def test_it_ends_when_the_named_process_is_killed(start: Start) -> None:
    parent = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    process, _ = start("--parent-pid", str(parent.pid))
    assert process.poll() is None
    parent.kill()
    parent.wait()
    assert _ends(process, 2.0) == 0


def test_it_ends_when_the_named_process_was_gone_before() -> None:
    gone = subprocess.Popen(["true"])
    gone.wait()
    command = [sys.executable, "-m", "webstead_aws_api", "--port", "0", "--parent-pid", str(gone.pid)]
    assert subprocess.run(command, cwd=PACKAGE_FOLDER, stdin=subprocess.DEVNULL, timeout=10).returncode == 0


def test_it_listens_on_loopback_only_and_ignores_the_callers_profile(start: Start) -> None:
    _, url = start(env={**os.environ, "AWS_PROFILE": "missing", "MOTO_ACCOUNT_ID": "1"})
    with urllib.request.urlopen(f"{url}/_twin/health", timeout=5) as answer:
        assert answer.status == 200
    port = int(url.rsplit(":", 1)[1])
    with socket.socket() as elsewhere, pytest.raises(OSError):
        elsewhere.settimeout(1)
        elsewhere.connect(("127.0.0.2", port))


def test_a_port_in_use_is_named() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        command = [sys.executable, "-m", "webstead_aws_api", "--port", port]
        ended = subprocess.run(command, cwd=PACKAGE_FOLDER, capture_output=True, text=True, timeout=10)
    assert ended.returncode == 1
    assert ended.stderr.strip() == (
        f"aws-api: cannot listen on 127.0.0.1:{port} (Address already in use); choose another --port"
    )


def test_an_account_that_is_none_is_refused() -> None:
    command = [sys.executable, "-m", "webstead_aws_api", "--port", "0", "--account", "42"]
    ended = subprocess.run(command, cwd=PACKAGE_FOLDER, capture_output=True, text=True, timeout=10)
    assert ended.returncode == 2
    assert 'an account is 12 digits, got "42"; use e.g. 123456789012' in ended.stderr


def test_it_rests_while_nobody_asks(start: Start) -> None:
    process, _ = start()
    before = _ticks(process.pid)
    time.sleep(1)
    assert _ticks(process.pid) - before <= 2


def _ticks(pid: int) -> int:
    """CPU time of a process, in hundredths of a second."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return int(fields[11]) + int(fields[12])
