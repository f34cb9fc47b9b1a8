"""Routes of the control endpoints, JSON in and out."""

import json
from collections.abc import Callable, Iterable
from importlib.metadata import version
from threading import RLock
from typing import Any

from webstead_aws_api import VERSION
from webstead_aws_api.control import reports
from webstead_aws_api.control.domains import hosted_zone
from webstead_aws_api.control.problem import Problem
from webstead_aws_api.control.world import world
from webstead_aws_api.control.tasks import task_status
from webstead_aws_api.scheduling import advance

GET: dict[str, Callable[[], dict[str, Any]]] = {
    "/_twin/health": lambda: {"version": VERSION, "moto": version("moto")},
    "/_twin/world": world,
}
POST: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "/_twin/target-health": reports.target_health,
    "/_twin/db-instances": reports.db_instance,
    "/_twin/instance-health": reports.instance_health,
    "/_twin/instance-status": reports.instance_status,
    "/_twin/task-status": task_status,
    "/_twin/log-events": reports.log_events,
    "/_twin/hosted-zones": hosted_zone,
}


class ControlApplication:
    """The WSGI application of /_twin/*. `lock` is held while moto's records are used."""

    def __init__(self, lock: RLock) -> None:
        self._lock = lock

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        try:
            status, answer = 200, self._answer(environ)
        except Problem as problem:
            status, answer = problem.status, {"error": problem.message}
        body = json.dumps(answer, separators=(",", ":")).encode()
        headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
        start_response(f"{status} {'OK' if status == 200 else 'Refused'}", headers)
        return [body]

    def _answer(self, environ: dict[str, Any]) -> dict[str, Any]:
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        if method == "GET" and path in GET:
            with self._lock:
                advance()
                return GET[path]()
        if method == "POST" and path in POST:
            report = _read(environ)
            with self._lock:
                answer = POST[path](report)
                advance()
                return answer
        known = ", ".join([*(f"GET {name}" for name in GET), *(f"POST {name}" for name in POST)])
        raise Problem(404, f"{method} {path} is unknown; use one of {known}")


def _read(environ: dict[str, Any]) -> dict[str, Any]:
    # A page in a browser cannot send this content type across origins without being asked first.
    if not environ.get("CONTENT_TYPE", "").startswith("application/json"):
        raise Problem(415, "a report is JSON; send Content-Type: application/json")
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    try:
        report = json.loads(body)
    except ValueError as error:
        raise Problem(400, f"the report is no JSON: {error}") from None
    if not isinstance(report, dict):
        raise Problem(400, f"a report is a JSON object, got {type(report).__name__}")
    return report
