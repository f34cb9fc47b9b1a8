"""What the twin reports: the bodies of POST /_twin/*."""

from typing import Any

from moto.autoscaling.models import autoscaling_backends
from moto.core.base_backend import BackendDict
from moto.core.exceptions import ServiceException
from moto.ec2.models import ec2_backends
from moto.elbv2.models import elbv2_backends
from moto.logs.models import logs_backends
from moto.rds.models import rds_backends

from webstead_aws_api.control.problem import Problem
from webstead_aws_api.gaps.ec2_instances import report_status
from webstead_aws_api.gaps.elbv2_targets import report_health
from webstead_aws_api.gaps.rds_instances import report

KEPT_LOG_EVENTS = 10_000
"""How many events of a log stream are kept: they live in memory only."""

_OLD_LOG_EVENTS = KEPT_LOG_EVENTS + KEPT_LOG_EVENTS // 10


def _field(body: dict[str, Any], name: str) -> Any:
    if name not in body:
        raise Problem(400, f'the report lacks "{name}"; it has {", ".join(sorted(body)) or "nothing"}')
    return body[name]


def _backend(backends: BackendDict[Any], body: dict[str, Any]) -> Any:
    """The existing backend of the report's account and region; none is made for a report."""
    account, region = _field(body, "account"), _field(body, "region")
    backend = dict.get(backends, account, {}).get(region)
    if backend is None:
        raise Problem(404, f"nothing was ever made in account {account}, region {region}")
    return backend


def target_health(body: dict[str, Any]) -> dict[str, Any]:
    """Health of targets of one group. Targets that are gone by now are counted as unknown."""
    arn = _field(body, "targetGroupArn")
    for _, _, backend in elbv2_backends.iter_backends():
        group = backend.target_groups.get(arn)  # type: ignore[attr-defined]
        if group is not None:
            break
    else:
        raise Problem(404, f"no target group {arn}")
    targets = _field(body, "targets")
    known = sum(
        report_health(
            group,
            _field(target, "id"),
            (_field(target, "state"), target.get("reason"), target.get("description")),
        )
        for target in targets
    )
    return {"known": known, "unknown": len(targets) - known}


def db_instance(body: dict[str, Any]) -> dict[str, Any]:
    """Status and endpoint of a database instance."""
    identifier = _field(body, "id")
    database = _backend(rds_backends, body).databases.get(identifier)
    if database is None:
        raise Problem(404, f"no database instance {identifier}")
    report(database, _field(body, "status"), body.get("address"), body.get("port"))
    return {}


def instance_health(body: dict[str, Any]) -> dict[str, Any]:
    """Health of an instance of an Auto Scaling group, as its health checks found it."""
    status = _field(body, "healthStatus")
    if status not in ("Healthy", "Unhealthy"):
        raise Problem(400, f'healthStatus must be "Healthy" or "Unhealthy", got "{status}"')
    try:
        _backend(autoscaling_backends, body).set_instance_health(_field(body, "instanceId"), status)
    except ServiceException as error:
        raise Problem(404, error.message) from None
    return {}


def instance_status(body: dict[str, Any]) -> dict[str, Any]:
    """Status check of an instance."""
    status = _field(body, "status")
    if status not in ("ok", "impaired"):
        raise Problem(400, f'status must be "ok" or "impaired", got "{status}"')
    identifier = _field(body, "instanceId")
    instance = _backend(ec2_backends, body).get_instance_by_id(identifier)
    if instance is None:
        raise Problem(404, f"no instance {identifier}")
    report_status(instance, status)
    return {}


def log_events(body: dict[str, Any]) -> dict[str, Any]:
    """Lines for a log stream, in any order. 404 if the log group does not exist."""
    name, stream_name = _field(body, "group"), _field(body, "stream")
    backend = _backend(logs_backends, body)
    group = backend.groups.get(name)
    if group is None:
        raise Problem(404, f"no log group {name}")
    if stream_name not in group.streams:
        backend.create_log_stream(name, stream_name)
    events = [
        {"timestamp": int(_field(line, "timestamp")), "message": str(_field(line, "message"))}
        for line in _field(body, "lines")
    ]
    backend.put_log_events(name, stream_name, sorted(events, key=lambda event: event["timestamp"]))
    stream = group.streams[stream_name]
    if len(stream.events) > _OLD_LOG_EVENTS:
        del stream.events[:-KEPT_LOG_EVENTS]
    return {"taken": len(events)}
