"""Database parameter groups."""

from collections.abc import Callable, Iterable
from typing import Any

from moto.core.responses import ActionResult
from moto.rds.exceptions import DBParameterGroupNotFoundError
from moto.rds.models import DBParameterGroup
from moto.rds.responses import RDSResponse

from webstead_aws_api.gaps.patching import added, around


@around(DBParameterGroup, "update_parameters")
def modified_parameters_are_the_users(
    original: Callable[..., None], self: DBParameterGroup, new_parameters: Iterable[dict[str, Any]]
) -> None:
    """A modified parameter has the source `user`.

    Terraform reads only those; without it each plan wants to set every parameter again.
    """
    original(self, [{**parameter, "Source": "user"} for parameter in new_parameters])


@added(RDSResponse, "reset_db_parameter_group")
def parameters_can_be_reset(self: RDSResponse) -> ActionResult:
    """ResetDBParameterGroup gives parameters their defaults back: what Terraform calls for
    a parameter that was taken out of the configuration."""
    name = self.params.get("DBParameterGroupName")
    group = self.backend.db_parameter_groups.get(name)
    if group is None:
        raise DBParameterGroupNotFoundError(name)
    if self.params.get("ResetAllParameters"):
        group.parameters.clear()
    for parameter in self.params.get("Parameters") or []:
        group.parameters.pop(parameter["ParameterName"], None)
    return ActionResult({"DBParameterGroupName": group.name})
