"""RDS gaps."""

from typing import Any

from tests.api import Api, unique
from tests.gap import gap


class Database:
    """A MySQL instance; `report` says where it listens."""

    def __init__(self, api: Api) -> None:
        self.api, self.rds, self.id = api, api.client("rds"), unique("db")
        self.rds.create_db_instance(
            DBInstanceIdentifier=self.id,
            Engine="mysql",
            EngineVersion="8.4",
            DBInstanceClass="db.t4g.micro",
            AllocatedStorage=20,
            MasterUsername="app",
            MasterUserPassword="secret-password",
        )

    def found(self) -> dict[str, Any]:
        return self.rds.describe_db_instances(DBInstanceIdentifier=self.id)["DBInstances"][0]

    def status(self) -> str:
        return str(self.found()["DBInstanceStatus"])

    def report(self, status: str = "available") -> Any:
        place = {**self.api.here(), "id": self.id, "status": status}
        return self.api.report("/_twin/db-instances", **place, address="127.0.0.9", port=3306)


@gap("rds_instances.instances_are_created", aws="creating")
def new_database_is_creating(api: Api) -> str:
    return Database(api).status()


@gap("rds_instances.instances_are_created", aws=2)
def databases_have_ids_of_their_own(api: Api) -> int:
    return len({Database(api).found()["DbiResourceId"] for _ in range(2)})


@gap("rds_instances.instances_are_created", aws="rds-ca-rsa2048-g1")
def database_has_the_default_certificate_authority(api: Api) -> str:
    return str(Database(api).found()["CACertificateIdentifier"])


@gap("rds_instances.endpoint_as_reported", aws=[None, "127.0.0.9"])
def endpoint_comes_with_the_report(api: Api) -> list[str | None]:
    database = Database(api)
    before = database.found().get("Endpoint", {}).get("Address")
    database.report()
    return [before, database.found()["Endpoint"]["Address"]]


@gap("rds_instances.reboot_takes_time", aws=["rebooting", "available"])
def reboot_lasts_until_reported(api: Api) -> list[str]:
    database = Database(api)
    database.report()
    database.rds.reboot_db_instance(DBInstanceIdentifier=database.id)
    seen = database.status()
    database.report()
    return [seen, database.status()]


@gap("rds_failover.failover_changes_places", aws=["InvalidParameterCombination", True, True])
def failover_makes_the_other_zone_the_first(api: Api) -> list[Any]:
    database = Database(api)
    database.report()

    def fail_over() -> None:
        database.rds.reboot_db_instance(DBInstanceIdentifier=database.id, ForceFailover=True)

    refused = None
    try:
        fail_over()
    except database.rds.exceptions.ClientError as error:
        refused = error.response["Error"]["Code"]
    database.rds.modify_db_instance(DBInstanceIdentifier=database.id, MultiAZ=True, ApplyImmediately=True)
    database.report()
    before = database.found()["AvailabilityZone"]
    fail_over()
    after = database.found()
    return [refused, after["AvailabilityZone"] != before, after.get("SecondaryAvailabilityZone") == before]


@gap(
    "rds_instances.stop_takes_time",
    "rds_instances.start_takes_time",
    aws=["stopping", "stopped", "starting", "available"],
)
def stop_and_start_last_until_reported(api: Api) -> list[str]:
    database = Database(api)
    database.report()
    seen = []
    for call, end in ((database.rds.stop_db_instance, "stopped"), (database.rds.start_db_instance, "available")):
        call(DBInstanceIdentifier=database.id)
        seen.append(database.status())
        database.report(end)
        seen.append(database.status())
    return seen


def _parameter_group(api: Api) -> tuple[Any, str]:
    rds, name = api.client("rds"), unique("pg")
    rds.create_db_parameter_group(DBParameterGroupName=name, DBParameterGroupFamily="mysql8.4", Description="test")
    parameter = {"ParameterName": "max_connections", "ParameterValue": "50", "ApplyMethod": "immediate"}
    rds.modify_db_parameter_group(DBParameterGroupName=name, Parameters=[parameter])
    return rds, name


@gap("rds_parameters.modified_parameters_are_the_users", aws=["user"])
def modified_parameter_is_the_users(api: Api) -> list[str | None]:
    rds, name = _parameter_group(api)
    found = rds.describe_db_parameters(DBParameterGroupName=name, Source="user")["Parameters"]
    return [parameter.get("Source") for parameter in found]


@gap("rds_parameters.parameters_can_be_reset", aws=[])
def reset_parameter_is_gone(api: Api) -> list[str]:
    rds, name = _parameter_group(api)
    parameter = {"ParameterName": "max_connections", "ApplyMethod": "immediate"}
    rds.reset_db_parameter_group(DBParameterGroupName=name, Parameters=[parameter])
    found = rds.describe_db_parameters(DBParameterGroupName=name, Source="user")["Parameters"]
    return [parameter["ParameterName"] for parameter in found]


@gap("rds_replicas.replicas_live_by_themselves", aws=[True, "creating", 0])
def replica_is_no_copy_of_its_source(api: Api) -> list[Any]:
    source = Database(api)
    source.rds.modify_db_instance(DBInstanceIdentifier=source.id, BackupRetentionPeriod=7, ApplyImmediately=True)
    source.report()
    name = unique("replica")
    source.rds.create_db_instance_read_replica(DBInstanceIdentifier=name, SourceDBInstanceIdentifier=source.id)
    replica = source.rds.describe_db_instances(DBInstanceIdentifier=name)["DBInstances"][0]
    has_own_id = replica["DbiResourceId"] != source.found()["DbiResourceId"]
    return [has_own_id, replica["DBInstanceStatus"], replica["BackupRetentionPeriod"]]


@gap("rds_instances.insights_are_told", aws=[False, True])
def performance_insights_are_told(api: Api) -> list[Any]:
    plain = Database(api)
    watched = unique("db")
    plain.rds.create_db_instance(
        DBInstanceIdentifier=watched,
        Engine="mysql",
        DBInstanceClass="db.t4g.medium",
        AllocatedStorage=20,
        MasterUsername="app",
        MasterUserPassword="secret-password",
        EnablePerformanceInsights=True,
    )
    found = plain.rds.describe_db_instances(DBInstanceIdentifier=watched)["DBInstances"][0]
    return [plain.found().get("PerformanceInsightsEnabled"), found.get("PerformanceInsightsEnabled")]
