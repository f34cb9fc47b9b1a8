"""How a group launches an instance from its launch template."""

from typing import Any

from moto.autoscaling.models import ASG_NAME_TAG, FakeAutoScalingGroup, InstanceState
from moto.ec2.exceptions import InvalidAMIIdError
from moto.ec2.models.instances import Instance
from moto.ec2.models.launch_templates import LaunchTemplateVersion
from moto.ec2.utils import convert_tag_spec


def launch(group: FakeAutoScalingGroup, count: int) -> list[InstanceState]:
    """Launch `count` instances, Pending, each in the subnet that has the fewest.

    Raises moto's ServiceException when the template, its image or a security group is gone.
    """
    before = len(group.instance_states)
    for _ in range(count):
        if group.ec2_launch_template is None:
            # A launch configuration, AWS's older way: moto's own will do.
            group.replace_autoscaling_group_instances(1, group.get_propagated_tags())
        else:
            _launch_from_template(group)
    launched = group.instance_states[before:]
    for state in launched:
        state.lifecycle_state = "Pending"
    return launched


def _launch_from_template(group: FakeAutoScalingGroup) -> None:
    template = group.ec2_backend.get_launch_template(group.ec2_launch_template.id)  # type: ignore[union-attr]
    version = template.get_version(group.launch_template_version)
    if version.image_id not in group.ec2_backend.amis:
        # moto launches from deregistered images.
        raise InvalidAMIIdError(version.image_id)
    zone, subnet_id = _least_used_place(group)
    reservation = group.ec2_backend.run_instances(
        version.image_id,
        1,
        version.user_data,
        version.security_groups,
        **_settings(version),
        launch_template={"LaunchTemplateId": template.id, "Version": version.number},
        tags=_tags(group, version),
        placement=zone,
        subnet_id=subnet_id,
        region_name=group.region,
    )
    instance = reservation.instances[0]
    instance.autoscaling_group = group  # type: ignore[attr-defined]
    _give_profile(instance, version.data.get("IamInstanceProfile") or {})
    group.instance_states.append(
        InstanceState(instance, protected_from_scale_in=group.new_instances_protected_from_scale_in)
    )


def _settings(version: LaunchTemplateVersion) -> dict[str, Any]:
    data = version.data
    settings: dict[str, Any] = {
        "instance_type": version.instance_type,
        "is_instance_type_default": False,
        "key_name": data.get("KeyName"),
        "ebs_optimized": data.get("EbsOptimized", False),
        "metadata_options": data.get("MetadataOptions") or {},
        "monitoring_state": "enabled" if (data.get("Monitoring") or {}).get("Enabled") else "disabled",
        # None: the subnet's own setting decides.
        "associate_public_ip": None,
    }
    interfaces = data.get("NetworkInterfaces") or []
    if interfaces:
        settings["security_group_ids"] = list(interfaces[0].get("Groups") or [])
        settings["associate_public_ip"] = interfaces[0].get("AssociatePublicIpAddress")
    devices = data.get("BlockDeviceMappings")
    if devices:
        # AWS deletes an instance's volumes with it unless told not to; moto keeps them.
        settings["block_device_mappings"] = [
            {**device, "Ebs": {"DeleteOnTermination": True, **device.get("Ebs", {})}} for device in devices
        ]
    return settings


def _tags(group: FakeAutoScalingGroup, version: LaunchTemplateVersion) -> dict[str, dict[str, str]]:
    tags = convert_tag_spec(version.data.get("TagSpecifications", []))
    # Where both name a key, the group's value wins.
    tags["instance"] = {**tags.get("instance", {}), **group.get_propagated_tags(), ASG_NAME_TAG: group.name}
    return tags


def _least_used_place(group: FakeAutoScalingGroup) -> tuple[str, str | None]:
    states = group.instance_states
    if not group.vpc_zone_identifier:
        zones = [state.instance.availability_zone for state in states]
        return min(group.availability_zones, key=zones.count), None
    used = [state.instance.subnet_id for state in states]
    subnet_id = min(group.vpc_zone_identifier.split(","), key=used.count)
    return group.ec2_backend.get_subnet(subnet_id).availability_zone, subnet_id


def _give_profile(instance: Instance, profile: dict[str, str]) -> None:
    if profile:
        association = instance.ec2_backend.associate_iam_instance_profile(
            instance_id=instance.id,
            iam_instance_profile_name=profile.get("Name"),
            iam_instance_profile_arn=profile.get("Arn"),
        )
        instance.iam_instance_profile = {
            "Arn": association.iam_instance_profile.arn,
            "Id": association.iam_instance_profile.id,
        }
