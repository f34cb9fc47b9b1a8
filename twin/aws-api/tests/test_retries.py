"""Tries of one call: the same id, and a number."""

from collections.abc import Iterable
from typing import Any

from webstead_aws_api.retries import KEPT, Retries


class Counter:
    """An application that answers with how often it was asked."""

    def __init__(self, status: str = "200 OK") -> None:
        self.calls, self.status = 0, status

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        self.calls += 1
        start_response(self.status, [("Content-Type", "text/xml")])
        return [b"answer ", str(self.calls).encode()]


def ask(application: Retries, call: str | None, attempt: int = 1, method: str = "POST") -> tuple[str, bytes]:
    environ: dict[str, Any] = {"REQUEST_METHOD": method, "PATH_INFO": "/"}
    if call is not None:
        environ |= {"HTTP_AMZ_SDK_INVOCATION_ID": call, "HTTP_AMZ_SDK_REQUEST": f"attempt={attempt}; max=3"}
    statuses: list[str] = []
    body = b"".join(application(environ, lambda status, headers: statuses.append(status)))
    return statuses[0], body


def test_second_try_is_answered_as_the_first() -> None:
    application = Retries(Counter())
    assert ask(application, "a") == ("200 OK", b"answer 1")
    assert ask(application, "a", attempt=2) == ("200 OK", b"answer 1")


def test_a_refusal_is_given_again_too() -> None:
    application = Retries(Counter("400 BAD REQUEST"))
    ask(application, "a")
    assert ask(application, "a", attempt=2) == ("400 BAD REQUEST", b"answer 1")


def test_first_try_is_always_asked() -> None:
    application = Retries(Counter())
    ask(application, "a")
    assert ask(application, "a") == ("200 OK", b"answer 2")


def test_another_call_and_one_without_an_id_are_asked() -> None:
    application = Retries(Counter())
    ask(application, "a")
    assert ask(application, "b", attempt=2)[1] == b"answer 2"
    assert ask(application, None)[1] == b"answer 3"


def test_what_failed_is_tried_again() -> None:
    application = Retries(Counter("500 INTERNAL SERVER ERROR"))
    ask(application, "a")
    assert ask(application, "a", attempt=2)[1] == b"answer 2"


def test_reading_is_always_asked() -> None:
    application = Retries(Counter())
    ask(application, "a", method="GET")
    assert ask(application, "a", attempt=2, method="GET")[1] == b"answer 2"


def test_old_answers_are_forgotten() -> None:
    application = Retries(Counter())
    for number in range(KEPT + 1):
        ask(application, str(number))
    assert ask(application, "0", attempt=2)[1] == f"answer {KEPT + 2}".encode()
    assert ask(application, str(KEPT), attempt=2)[1] == f"answer {KEPT + 1}".encode()
