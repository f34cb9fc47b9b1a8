"""The HTTP server: control endpoints beside moto's dispatcher, on one listening socket."""

import socket
from collections.abc import Callable, Iterable
from threading import RLock
from typing import Any

from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.serving import make_server

from webstead_aws_api.control import ControlApplication
from webstead_aws_api.errors import answer_readably
from webstead_aws_api.gaps import close_gaps
from webstead_aws_api.retries import Retries
from webstead_aws_api.scheduling import advance

CONTROL_PREFIX = "/_twin/"

LOCKED_SERVICES = frozenset(
    {"autoscaling", "cloudfront", "dynamodb", "ec2", "ecs", "elb", "elbv2", "iam", "logs", "rds"}
)
"""Served one request at a time: moto keeps its records in plain dicts without locks. These are
the ones the world is read from while Terraform writes them in ten threads; and DynamoDB, for
which two conditional writes at once are what its users count on."""


class TwinApplication:
    """The WSGI application: /_twin/* for the twin, everything else is AWS."""

    def __init__(self, account: str) -> None:
        close_gaps(account)
        self._lock = RLock()
        self._aws = DomainDispatcherApplication(create_backend_app)
        self._control = ControlApplication(self._lock)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ.get("PATH_INFO", "").startswith(CONTROL_PREFIX):
            return self._control(environ, start_response)
        return answer_readably(self._serve_aws, environ, start_response)

    def _serve_aws(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        application = self._aws.get_application(environ)
        service = str(application.service)  # type: ignore[attr-defined]
        environ["webstead.service"] = service
        if service not in LOCKED_SERVICES:
            return application(environ, start_response)
        with self._lock:
            advance()
            return application(environ, start_response)


class QuietRequestHandler(MotoRequestHandler):
    """Says nothing about requests: failures are logged where their cause is known."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


def serve(listener: socket.socket, account: str, ready: Callable[[], None]) -> None:
    """Serve on `listener` for ever; `ready` is called once before the first request."""
    host, port = listener.getsockname()[:2]
    server = make_server(
        host,
        port,
        Retries(TwinApplication(account)),
        threaded=True,
        request_handler=QuietRequestHandler,
        fd=listener.fileno(),
    )
    ready()
    server.serve_forever()
