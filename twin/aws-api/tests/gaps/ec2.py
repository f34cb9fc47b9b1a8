"""EC2 gaps."""

from typing import Any

from tests.api import Api, unique
from tests.gap import gap
from tests.scenery import image, network, user_data


@gap("ec2_launch_templates.every_version_keeps_its_data", aws=1)
def group_launches_from_a_second_version(api: Api) -> int:
    ec2, name, group = api.client("ec2"), unique("template"), unique("group")
    data = {"ImageId": image(api), "InstanceType": "t3.micro", "UserData": user_data("V=2")}
    ec2.create_launch_template(LaunchTemplateName=name, LaunchTemplateData=data)
    ec2.create_launch_template_version(LaunchTemplateName=name, LaunchTemplateData=data)
    autoscaling = api.client("autoscaling")
    autoscaling.create_auto_scaling_group(
        AutoScalingGroupName=group,
        MinSize=1,
        MaxSize=1,
        VPCZoneIdentifier=network(api).subnets[0],
        LaunchTemplate={"LaunchTemplateName": name, "Version": "2"},
    )
    found = autoscaling.describe_auto_scaling_groups(AutoScalingGroupNames=[group])["AutoScalingGroups"]
    return len(found[0]["Instances"])


@gap("ec2_launch_templates.every_version_keeps_its_data", aws=None)
def template_data_holds_no_tags_of_the_template(api: Api) -> Any:
    ec2, name = api.client("ec2"), unique("template")
    ec2.create_launch_template(
        LaunchTemplateName=name,
        LaunchTemplateData={"InstanceType": "t3.micro"},
        TagSpecifications=[{"ResourceType": "launch-template", "Tags": [{"Key": "Project", "Value": "x"}]}],
    )
    version = ec2.describe_launch_template_versions(LaunchTemplateName=name)["LaunchTemplateVersions"][0]
    return version["LaunchTemplateData"].get("TagSpecifications")


@gap("ec2_security_groups.description_of_any_rule", aws="from the load balancer")
def rule_between_groups_has_its_description(api: Api) -> str | None:
    ec2, group = api.client("ec2"), network(api).security_group
    source = {"GroupId": group, "Description": "from the load balancer"}
    ec2.authorize_security_group_ingress(
        GroupId=group,
        IpPermissions=[{"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "UserIdGroupPairs": [source]}],
    )
    rules = ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [group]}])["SecurityGroupRules"]
    return next(rule.get("Description") for rule in rules if not rule["IsEgress"])


@gap(
    "ec2_images.image_as_registered",
    "ec2_images.block_devices_as_registered",
    aws=("arm64", "/dev/xvda", "dev", True, 1),
)
def registered_image_is_as_in_the_call(api: Api) -> Any:
    ec2 = api.client("ec2")
    volume = ec2.create_volume(Size=8, AvailabilityZone="eu-central-1a")["VolumeId"]
    before = len(ec2.describe_snapshots(OwnerIds=["self"])["Snapshots"])
    snapshot = ec2.create_snapshot(VolumeId=volume)["SnapshotId"]
    image_id = ec2.register_image(
        Name=unique("image"),
        Architecture="arm64",
        RootDeviceName="/dev/xvda",
        BlockDeviceMappings=[{"DeviceName": "/dev/xvda", "Ebs": {"SnapshotId": snapshot}}],
        TagSpecifications=[{"ResourceType": "image", "Tags": [{"Key": "Environment", "Value": "dev"}]}],
    )["ImageId"]
    found = ec2.describe_images(ImageIds=[image_id])["Images"][0]
    made = len(ec2.describe_snapshots(OwnerIds=["self"])["Snapshots"]) - before
    ec2.delete_volume(VolumeId=volume)
    return (
        found["Architecture"],
        found["RootDeviceName"],
        found["Tags"][0]["Value"],
        found["BlockDeviceMappings"][0]["Ebs"]["SnapshotId"] == snapshot,
        made,
    )


@gap("ec2_security_groups.description_of_a_prefix_list", aws="from CloudFront")
def rule_about_a_prefix_list_has_its_description(api: Api) -> str | None:
    ec2, group = api.client("ec2"), network(api).security_group
    name = "com.amazonaws.global.cloudfront.origin-facing"
    found = ec2.describe_managed_prefix_lists(Filters=[{"Name": "prefix-list-name", "Values": [name]}])
    source = {"PrefixListId": found["PrefixLists"][0]["PrefixListId"], "Description": "from CloudFront"}
    ec2.authorize_security_group_ingress(
        GroupId=group,
        IpPermissions=[{"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "PrefixListIds": [source]}],
    )
    rules = ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [group]}])["SecurityGroupRules"]
    return next(rule.get("Description") for rule in rules if not rule["IsEgress"])


@gap("ec2_instances.status_as_reported", aws=("impaired", "failed"))
def instance_status_can_be_impaired(api: Api) -> Any:
    ec2 = api.client("ec2")
    instance = ec2.run_instances(MinCount=1, MaxCount=1, ImageId=image(api))["Instances"][0]["InstanceId"]
    api.report("/_twin/instance-status", **api.here(), instanceId=instance, status="impaired")
    status = ec2.describe_instance_status(InstanceIds=[instance])["InstanceStatuses"][0]["InstanceStatus"]
    return status["Status"], status["Details"][0]["Status"]


def _interfaces(api: Api, vpc: str) -> int:
    filters = [{"Name": "vpc-id", "Values": [vpc]}]
    return len(api.client("ec2").describe_network_interfaces(Filters=filters)["NetworkInterfaces"])


@gap("ec2_network_interfaces.interface_goes_with_its_instance", aws=[1, 0])
def terminated_instance_leaves_no_interface(api: Api) -> list[int]:
    ec2, place = api.client("ec2"), network(api)
    instance = ec2.run_instances(MinCount=1, MaxCount=1, ImageId=image(api), SubnetId=place.subnets[0])
    running = _interfaces(api, place.vpc)
    ec2.terminate_instances(InstanceIds=[instance["Instances"][0]["InstanceId"]])
    return [running, _interfaces(api, place.vpc)]


@gap("ec2_network_interfaces.interface_goes_with_its_nat_gateway", aws=[1, 0, None])
def deleted_nat_gateway_leaves_no_interface(api: Api) -> list[Any]:
    ec2, place = api.client("ec2"), network(api)
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    gateway = ec2.create_nat_gateway(SubnetId=place.subnets[0], AllocationId=address)["NatGateway"]["NatGatewayId"]
    running = _interfaces(api, place.vpc)
    ec2.delete_nat_gateway(NatGatewayId=gateway)
    found = ec2.describe_addresses(AllocationIds=[address])["Addresses"][0]
    return [running, _interfaces(api, place.vpc), found.get("AssociationId")]


@gap("ec2_images.image_asks_for_a_token", aws="v2.0")
def image_remembers_its_metadata_version(api: Api) -> str | None:
    ec2 = api.client("ec2")
    image_id = ec2.register_image(Name=unique("image"))["ImageId"]
    ec2.modify_image_attribute(ImageId=image_id, ImdsSupport={"Value": "v2.0"})
    return ec2.describe_images(ImageIds=[image_id])["Images"][0].get("ImdsSupport")


@gap("ec2_public_images.published_images_are_there", aws="/dev/xvda")
def image_of_a_public_parameter_has_a_root_device(api: Api) -> str | None:
    name = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-6.1-x86_64"
    image_id = api.client("ssm").get_parameter(Name=name)["Parameter"]["Value"]
    try:
        found = api.client("ec2").describe_images(ImageIds=[image_id])["Images"]
    except api.client("ec2").exceptions.ClientError:
        return None
    return found[0]["RootDeviceName"] if found else None
