"""Failover of a database instance by hand."""

from collections.abc import Callable
from typing import Any

from moto.rds.exceptions import InvalidParameterCombination
from moto.rds.models import DBInstance
from moto.rds.responses import RDSResponse

from webstead_aws_api.gaps.patching import around


@around(RDSResponse, "reboot_db_instance")
def failover_changes_places(original: Callable[..., Any], self: RDSResponse) -> Any:
    """RebootDBInstance with ForceFailover makes the standby's zone the primary's, and is refused without a standby.

    moto takes no notice of it.
    """
    if self.params.get("ForceFailover"):
        database = self.backend.describe_db_instances(self.params["DBInstanceIdentifier"])[0]
        if not database.multi_az:
            raise InvalidParameterCombination(
                f"ForceFailover cannot be specified since {database.db_instance_identifier} is not Multi-AZ"
            )
        standby = _standby_zone(database)
        database.secondary_availability_zone = database.availability_zone
        database.availability_zone = standby
    return original(self)


def _standby_zone(database: DBInstance) -> str:
    group = getattr(database, "db_subnet_group", None)
    zones = sorted({subnet.availability_zone for subnet in group.subnets} if group else set())
    others = [zone for zone in zones if zone != database.availability_zone]
    return others[0] if others else f"{database.region}b"
