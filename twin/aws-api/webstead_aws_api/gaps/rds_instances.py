"""Database instances: a life that the twin's database reports."""

import uuid
from collections.abc import Callable
from typing import Any

from moto.rds.models import DBInstance, RDSBackend

from webstead_aws_api.gaps.patching import around, computed

DEFAULT_AUTHORITY = "rds-ca-rsa2048-g1"
"""The certificate authority of an instance that asks for none."""


class Reported:
    """What the twin said about one database instance, and what AWS's users want of it."""

    def __init__(self) -> None:
        self.address: str | None = None
        self.port: int | None = None
        self.desired = "available"
        self.restarts = 0


def reported(database: DBInstance) -> Reported:
    """The record of `database`; one is made on first use."""
    return database.__dict__.setdefault("twin_reported", Reported())


def report(database: DBInstance, status: str, address: str | None, port: int | None) -> None:
    """From now on DescribeDBInstances says this."""
    database.status = status
    record = reported(database)
    if address is not None:
        record.address, record.port = address, port


@around(DBInstance, "__init__")
def instances_are_created(original: Callable[..., None], self: DBInstance, *arguments: Any, **named: Any) -> None:
    """A new instance is `creating`, has an id of its own and AWS's default certificate authority.

    moto gives all of them the same DbiResourceId, by which Terraform finds an instance,
    calls them available before anything could run, and names an authority that does not
    exist: Terraform then corrects it after the creation and waits 80 s once more.
    """
    named["ca_certificate_identifier"] = named.get("ca_certificate_identifier") or DEFAULT_AUTHORITY
    original(self, *arguments, **named)
    self.status = "creating"
    self.dbi_resource_id = f"db-{uuid.uuid4().hex[:26].upper()}"
    for name in ("enable_performance_insights", "performance_insights_retention_period"):
        setattr(self, name, named.get(name))


@computed(DBInstance, "performance_insights_enabled")
def insights_are_told(self: DBInstance) -> bool:
    """An instance tells that Performance Insights is on.

    moto takes the wish and forgets it: Terraform then turns it on at every apply.
    """
    return bool(getattr(self, "enable_performance_insights", None))


@computed(DBInstance, "endpoint")
def endpoint_as_reported(self: DBInstance) -> dict[str, Any] | None:
    """An instance has no endpoint until it runs, and then the one where it listens."""
    record = reported(self)
    if record.address is None:
        return None
    return {"Address": record.address, "Port": record.port, "HostedZoneId": "Z2R2ITUGPM61AM"}


@around(RDSBackend, "reboot_db_instance")
def reboot_takes_time(original: Callable[..., DBInstance], self: RDSBackend, db_instance_identifier: str) -> DBInstance:
    """RebootDBInstance restarts the server: `rebooting` until it runs again."""
    database = original(self, db_instance_identifier)
    database.status = "rebooting"
    reported(database).restarts += 1
    return database


@around(RDSBackend, "stop_db_instance")
def stop_takes_time(original: Callable[..., DBInstance], self: RDSBackend, *arguments: Any, **named: Any) -> DBInstance:
    """StopDBInstance stops the server: `stopping` until it has ended."""
    database = original(self, *arguments, **named)
    database.status = "stopping"
    reported(database).desired = "stopped"
    return database


@around(RDSBackend, "start_db_instance")
def start_takes_time(
    original: Callable[..., DBInstance], self: RDSBackend, *arguments: Any, **named: Any
) -> DBInstance:
    """StartDBInstance starts the server: `starting` until it runs."""
    database = original(self, *arguments, **named)
    database.status = "starting"
    reported(database).desired = "available"
    return database
