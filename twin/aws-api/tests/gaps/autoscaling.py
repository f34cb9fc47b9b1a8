"""Auto Scaling gaps: settings, launch, capacity."""

from typing import Any

from tests.api import Api, error_code, unique
from tests.gap import gap
from tests.scenery import Service, image, network, user_data

LAUNCH_FIRST = {"MinHealthyPercentage": 100, "MaxHealthyPercentage": 200}


@gap("autoscaling_groups.settings_at_creation", aws=(LAUNCH_FIRST, 7))
def group_keeps_its_settings(api: Api) -> Any:
    group = Service(api, InstanceMaintenancePolicy=LAUNCH_FIRST, DefaultInstanceWarmup=7).group()
    return group.get("InstanceMaintenancePolicy"), group.get("DefaultInstanceWarmup")


@gap("autoscaling_groups.settings_at_creation", aws="ValidationError")
def group_with_an_unknown_image_is_refused(api: Api) -> str:
    ec2, name, place = api.client("ec2"), unique("template"), network(api)
    ec2.create_launch_template(
        LaunchTemplateName=name, LaunchTemplateData={"ImageId": "ami-00000000000000000", "InstanceType": "t3.micro"}
    )
    return error_code(
        lambda: api.client("autoscaling").create_auto_scaling_group(
            AutoScalingGroupName=unique("group"),
            MinSize=1,
            MaxSize=1,
            VPCZoneIdentifier=place.subnets[0],
            LaunchTemplate={"LaunchTemplateName": name, "Version": "1"},
        )
    )


@gap("autoscaling_groups.settings_at_update", aws=(LAUNCH_FIRST, "ValidationError"))
def update_keeps_settings_and_checks_bounds(api: Api) -> Any:
    service = Service(api)
    update = service.autoscaling.update_auto_scaling_group
    update(AutoScalingGroupName=service.name, InstanceMaintenancePolicy=LAUNCH_FIRST)
    refused = error_code(lambda: update(AutoScalingGroupName=service.name, DesiredCapacity=9))
    return service.group().get("InstanceMaintenancePolicy"), refused


@gap("autoscaling_groups.desired_capacity_within_bounds", aws="ValidationError")
def capacity_above_the_maximum_is_refused(api: Api) -> str:
    service = Service(api)
    return error_code(
        lambda: service.autoscaling.set_desired_capacity(AutoScalingGroupName=service.name, DesiredCapacity=5)
    )


@gap("autoscaling_groups.capacity_follows_desire", aws=["draining", True, "gone", False])
def scaled_in_instance_drains_before_it_is_terminated(api: Api) -> Any:
    service = Service(api, delay=30)
    instance = service.in_service()
    service.autoscaling.update_auto_scaling_group(AutoScalingGroupName=service.name, MinSize=0, DesiredCapacity=0)
    first = [service.targets().get(instance, "gone"), service.is_running(instance)]
    service.report(instance, "unused")
    return [*first, service.targets().get(instance, "gone"), service.is_running(instance)]


@gap("autoscaling_groups.deletion_terminates", aws=[False, {}])
def deleted_group_leaves_nothing(api: Api) -> Any:
    service = Service(api, delay=1)
    instance = service.in_service()
    service.autoscaling.delete_auto_scaling_group(AutoScalingGroupName=service.name, ForceDelete=True)
    return [service.is_running(instance), api.eventually(service.targets, {})]


@gap("autoscaling_groups.activities_are_told", aws=["Successful"])
def launch_is_told(api: Api) -> list[str]:
    service = Service(api)
    answer = service.autoscaling.describe_scaling_activities(AutoScalingGroupName=service.name)
    return [activity["StatusCode"] for activity in answer["Activities"]]


@gap(
    "autoscaling_instances.moment_of_service",
    "autoscaling_instances.in_service_is_registered",
    aws=["Pending", "InService", "initial"],
)
def launched_instance_is_pending_first(api: Api) -> list[str]:
    service = Service(api)
    (instance,) = service.instances()
    first = service.group()["Instances"][0]["LifecycleState"]
    service.in_service()
    second = service.group()["Instances"][0]["LifecycleState"]
    return [first, second, service.targets().get(instance, "none")]


@gap(
    "autoscaling_groups.capacity_follows_desire",
    "autoscaling_instances.version_it_was_launched_from",
    aws={"version": "2", "data": user_data("V=2"), "profile": True, "tag": "group", "spread": 2, "volumes": 1},
)
def instance_is_what_its_template_version_says(api: Api) -> dict[str, Any]:
    ec2, iam, place, name = api.client("ec2"), api.client("iam"), network(api), unique("template")
    profile = unique("profile")
    iam.create_instance_profile(InstanceProfileName=profile)
    data = {
        "ImageId": image(api),
        "InstanceType": "t3.micro",
        "UserData": user_data("V=1"),
        "IamInstanceProfile": {"Name": profile},
        "BlockDeviceMappings": [{"DeviceName": "/dev/xvda", "Ebs": {"VolumeSize": 8, "VolumeType": "gp3"}}],
        "TagSpecifications": [{"ResourceType": "instance", "Tags": [{"Key": "from", "Value": "template"}]}],
    }
    ec2.create_launch_template(LaunchTemplateName=name, LaunchTemplateData=data)
    ec2.create_launch_template_version(
        LaunchTemplateName=name, LaunchTemplateData={**data, "UserData": user_data("V=2")}
    )
    autoscaling, group = api.client("autoscaling"), unique("group")
    autoscaling.create_auto_scaling_group(
        AutoScalingGroupName=group,
        MinSize=2,
        MaxSize=2,
        VPCZoneIdentifier=",".join(place.subnets),
        LaunchTemplate={"LaunchTemplateName": name, "Version": "$Latest"},
        Tags=[{"Key": "from", "Value": "group", "PropagateAtLaunch": True}],
    )
    found = autoscaling.describe_auto_scaling_groups(AutoScalingGroupNames=[group])["AutoScalingGroups"][0]["Instances"]
    ids = [entry["InstanceId"] for entry in found]
    reservations = ec2.describe_instances(InstanceIds=ids)["Reservations"]
    instances = [instance for reservation in reservations for instance in reservation["Instances"]]
    tags = {tag["Key"]: tag["Value"] for tag in instances[0]["Tags"]}
    attribute = ec2.describe_instance_attribute(InstanceId=ids[0], Attribute="userData")
    return {
        "version": found[0]["LaunchTemplate"]["Version"],
        "data": attribute["UserData"]["Value"],
        "profile": "IamInstanceProfile" in instances[0],
        "tag": tags["from"],
        "spread": len({instance["SubnetId"] for instance in instances}),
        "volumes": len(instances[0]["BlockDeviceMappings"]),
    }


@gap("autoscaling_instances.detached_is_deregistered", aws=True)
def detached_instance_leaves_the_target_group(api: Api) -> bool:
    service = Service(api)
    instance = service.in_service()
    service.autoscaling.detach_instances(
        AutoScalingGroupName=service.name, InstanceIds=[instance], ShouldDecrementDesiredCapacity=False
    )
    return service.targets().get(instance) in (None, "draining")


@gap("autoscaling_policies.policies_are_enabled", aws=[True, None])
def policy_is_enabled_and_has_no_forecast(api: Api) -> list[Any]:
    service = Service(api)
    service.autoscaling.put_scaling_policy(
        AutoScalingGroupName=service.name,
        PolicyName="cpu",
        PolicyType="TargetTrackingScaling",
        TargetTrackingConfiguration={
            "PredefinedMetricSpecification": {"PredefinedMetricType": "ASGAverageCPUUtilization"},
            "TargetValue": 70.0,
        },
    )
    policy = service.autoscaling.describe_policies(AutoScalingGroupName=service.name)["ScalingPolicies"][0]
    return [policy.get("Enabled"), policy.get("PredictiveScalingConfiguration")]
