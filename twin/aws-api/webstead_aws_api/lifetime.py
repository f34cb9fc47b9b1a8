"""The end of this process: by signal, or because the one that wanted it is gone."""

import os
import select
import signal
import stat
import sys
import threading
import time
from collections.abc import Callable
from typing import NoReturn

POLL_SECONDS = 1.0
"""How often the parent is looked for where the system cannot report its end."""


def end_with(parent_pid: int | None) -> None:
    """End this process on SIGTERM and SIGINT, when stdin (a pipe) closes, or when
    the process `parent_pid` ends. A stdin that is no pipe says nothing and is ignored."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: _end())
    if parent_pid is not None:
        _watch(lambda: _wait_for_process(parent_pid))
    if _stdin_is_a_pipe():
        _watch(_wait_for_end_of_stdin)


def _end() -> NoReturn:
    # Nothing is kept on disk, so nothing needs a tidy end: requests in flight would only delay it.
    os._exit(0)


def _watch(wait: Callable[[], None]) -> None:
    def run() -> None:
        wait()
        _end()

    threading.Thread(target=run, daemon=True).start()


def _stdin_is_a_pipe() -> bool:
    try:
        mode = os.fstat(sys.stdin.fileno()).st_mode
    except (OSError, ValueError, AttributeError):
        return False
    return stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)


def _wait_for_end_of_stdin() -> None:
    try:
        while os.read(sys.stdin.fileno(), 4096):
            pass
    except OSError:
        pass


def _wait_for_process(pid: int) -> None:
    if not hasattr(os, "pidfd_open"):
        while _exists(pid):
            time.sleep(POLL_SECONDS)
        return
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    while not poll.poll():
        pass


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
