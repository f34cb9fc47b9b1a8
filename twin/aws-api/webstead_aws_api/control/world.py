"""The world: everything of AWS that the twin makes real, in one cheap answer."""

import time
from typing import Any

from moto.autoscaling.models import FakeAutoScalingGroup, autoscaling_backends
from moto.ec2.models import EC2Backend, ec2_backends
from moto.ec2.models.instances import Instance
from moto.rds.models import DBInstance, rds_backends

from webstead_aws_api.control.distributions import distribution_listeners
from webstead_aws_api.control.domains import aliases
from webstead_aws_api.control.load_balancing import listeners, load_balancers, target_groups
from webstead_aws_api.control.tasks import tasks
from webstead_aws_api.gaps.rds_instances import reported

TERMINATED_SECONDS = 60.0
"""How long a terminated instance is still listed."""


def world() -> dict[str, Any]:
    """All accounts, all regions that were ever used; makes no backend of an unused one."""
    answer: dict[str, Any] = {"images": [], "instances": [], "autoScalingGroups": []}
    for account, region, ec2 in ec2_backends.iter_backends():
        place = {"account": account, "region": region}
        answer["images"] += [place | image for image in _images(ec2)]
        answer["instances"] += [place | instance for instance in _instances(ec2)]
    for account, region, autoscaling in autoscaling_backends.iter_backends():
        place = {"account": account, "region": region}
        answer["autoScalingGroups"] += [place | _group(group) for group in autoscaling.autoscaling_groups.values()]
    answer["tasks"] = tasks()
    answer["loadBalancers"] = load_balancers()
    answer["listeners"] = listeners()
    answer["listeners"] += distribution_listeners(answer["listeners"])
    answer["aliases"] = aliases()
    answer["targetGroups"] = target_groups()
    answer["dbInstances"] = [
        {"account": account, "region": region} | _database(database)
        for account, region, rds in rds_backends.iter_backends()
        for database in rds.databases.values()
    ]
    return answer


def _tags(resource: Any) -> dict[str, str]:
    return {tag["key"]: tag["value"] for tag in resource.get_tags()}


def _images(ec2: EC2Backend) -> list[dict[str, Any]]:
    return [
        {"id": image.id, "name": image.name, "state": image.state, "tags": _tags(image)}
        for image in ec2.amis.values()
        if image.owner_id == ec2.account_id
    ]


def _instances(ec2: EC2Backend) -> list[dict[str, Any]]:
    return [
        _instance(ec2, instance)
        for reservation in ec2.reservations.values()
        for instance in reservation.instances
        if instance.state != "terminated" or _terminated_lately(instance)
    ]


def _terminated_lately(instance: Instance) -> bool:
    seen = instance.__dict__.setdefault("twin_terminated_at", time.time())
    return bool(time.time() < seen + TERMINATED_SECONDS)


def _instance(ec2: EC2Backend, instance: Instance) -> dict[str, Any]:
    tags = _tags(instance)
    alive = instance.state != "terminated"
    return {
        "id": instance.id,
        "state": instance.state,
        "imageId": instance.image_id,
        "userData": str(instance.user_data) if instance.user_data else None,
        "roleName": _role_name(ec2, instance),
        "privateIp": instance.private_ip if alive else None,
        "subnetId": instance.subnet_id,
        "availabilityZone": instance.availability_zone,
        "launchTime": instance.launch_time.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "tags": tags,
        "autoScalingGroup": tags.get("aws:autoscaling:groupName"),
    }


def _role_name(ec2: EC2Backend, instance: Instance) -> str | None:
    association = ec2.iam_instance_profile_associations.get(instance.id)
    roles = association.iam_instance_profile.roles if association else []
    return roles[0].name if roles else None


def _group(group: FakeAutoScalingGroup) -> dict[str, Any]:
    return {
        "name": group.name,
        "healthCheckType": group.health_check_type,
        "healthCheckGracePeriod": int(group.health_check_grace_period or 0),
        "targetGroupArns": list(group.target_group_arns),
        "instances": [
            {
                "id": state.instance.id,
                "lifecycleState": state.lifecycle_state,
                "healthStatus": state.health_status,
                "inServiceSince": state.in_service_since,  # type: ignore[attr-defined]
            }
            for state in group.instance_states
        ],
    }


def _database(database: DBInstance) -> dict[str, Any]:
    record = reported(database)
    return {
        "id": database.db_instance_identifier,
        "arn": database.arn,
        "status": database.status,
        "engine": database.engine,
        "engineVersion": database.engine_version,
        "dbName": database.db_name,
        "masterUsername": database.master_username,
        "masterPassword": getattr(database, "_master_user_password", None),
        "port": int(database.port or 0),
        "parameters": {
            name: parameter.get("ParameterValue")
            for group in database.db_parameter_groups()
            for name, parameter in group.parameters.items()
        },
        "desired": record.desired,
        "restarts": record.restarts,
        "sourceId": database.source_db_instance_identifier if database.is_replica else None,
    }
