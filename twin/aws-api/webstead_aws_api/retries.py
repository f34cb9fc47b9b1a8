"""A request that is tried again is answered as it was the first time.

On a busy machine an answer can get lost after the work is done. The SDK then tries again,
and what was made by the first try is in the way of the second: "already exists". SDKs give
all tries of one call the same id, so the answer can be given again.
"""

import re
import sys
from collections import OrderedDict
from collections.abc import Callable, Iterable
from threading import Lock
from typing import Any

WsgiApplication = Callable[[dict[str, Any], Any], Iterable[bytes]]

KEPT = 500
"""How many answers are kept: those of the last seconds, even while Terraform makes everything at once."""

LARGEST = 100_000
"""Longer answers are not kept: they belong to requests that only read."""


class Retries:
    """The WSGI application `application`, with answers to tries after the first given again."""

    def __init__(self, application: WsgiApplication) -> None:
        self._application = application
        self._answers: OrderedDict[str, tuple[str, list[tuple[str, str]], bytes]] = OrderedDict()
        self._lock = Lock()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        call = environ.get("HTTP_AMZ_SDK_INVOCATION_ID")
        if call is None or environ["REQUEST_METHOD"] in ("GET", "HEAD"):
            return self._application(environ, start_response)
        with self._lock:
            known = self._answers.get(call) if _is_another_try(environ) else None
        if known is not None:
            print(f"aws-api: {environ['PATH_INFO']} was tried again and is answered as before", file=sys.stderr, flush=True)
            status, headers, body = known
            start_response(status, headers)
            return [body]
        return self._answer(call, environ, start_response)

    def _answer(self, call: str, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        started: list[tuple[str, list[tuple[str, str]]]] = []

        def note(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            started.append((status, headers))
            return start_response(status, headers, *more)

        body = b"".join(self._application(environ, note))
        if started and started[-1][0] < "5" and len(body) <= LARGEST:
            with self._lock:
                self._answers[call] = (*started[-1], body)
                while len(self._answers) > KEPT:
                    self._answers.popitem(last=False)
        return [body]


def _is_another_try(environ: dict[str, Any]) -> bool:
    attempt = re.search(r"attempt=(\d+)", environ.get("HTTP_AMZ_SDK_REQUEST", ""))
    return attempt is not None and int(attempt[1]) > 1
