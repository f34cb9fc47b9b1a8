"""Read replicas."""

import uuid
from collections.abc import Callable
from typing import Any

from moto.rds.models import DBInstance, RDSBackend

from webstead_aws_api.gaps.patching import around
from webstead_aws_api.gaps.rds_instances import Reported

_NOT_INHERITED = {
    "backup_retention_period": 0,
    "deletion_protection": False,
    "enable_iam_database_authentication": False,
    "max_allocated_storage": 0,
    "multi_az": False,
}
"""What a replica has unless it is asked for, whatever its source has."""

_ATTRIBUTES = {"max_allocated_storage": "_max_allocated_storage"}
"""Where moto keeps it, if not under the same name."""


@around(RDSBackend, "create_db_instance_read_replica")
def replicas_live_by_themselves(
    original: Callable[..., DBInstance], self: RDSBackend, db_kwargs: dict[str, Any]
) -> DBInstance:
    """A replica has an id, a life and settings of its own.

    moto copies its source, DbiResourceId and endpoint included: Terraform then takes the
    one for the other.
    """
    replica = original(self, db_kwargs)
    replica.__dict__["twin_reported"] = Reported()
    replica.status = "creating"
    replica.dbi_resource_id = f"db-{uuid.uuid4().hex[:26].upper()}"
    for name, otherwise in _NOT_INHERITED.items():
        setattr(replica, _ATTRIBUTES.get(name, name), db_kwargs.get(name) or otherwise)
    return replica
