"""What most scenarios need: a network, a load balancer, an image, a group."""

import base64
from dataclasses import dataclass
from typing import Any

from tests.api import REGION, Api, unique


@dataclass
class Network:
    vpc: str
    subnets: list[str]
    security_group: str


def network(api: Api) -> Network:
    """A VPC with two subnets in two zones."""
    ec2 = api.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{index}.0/24", AvailabilityZone=f"{REGION}{zone}")["Subnet"][
            "SubnetId"
        ]
        for index, zone in enumerate("ab")
    ]
    group = ec2.create_security_group(GroupName=unique("app"), Description="app", VpcId=vpc)["GroupId"]
    return Network(vpc, subnets, group)


def image(api: Api) -> str:
    """A registered image."""
    return api.client("ec2").register_image(Name=unique("image"))["ImageId"]


def user_data(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def target_group(api: Api, vpc: str, delay: int = 30) -> str:
    """A target group whose deregistration takes `delay` seconds."""
    elb = api.client("elbv2")
    arn = elb.create_target_group(Name=unique("tg"), Protocol="HTTP", Port=8080, VpcId=vpc, HealthCheckPath="/healthz")[
        "TargetGroups"
    ][0]["TargetGroupArn"]
    elb.modify_target_group_attributes(
        TargetGroupArn=arn, Attributes=[{"Key": "deregistration_delay.timeout_seconds", "Value": str(delay)}]
    )
    return arn


def listener(api: Api, place: Network, target_group_arn: str) -> str:
    """A load balancer with a listener that forwards to the group."""
    elb = api.client("elbv2")
    balancer = elb.create_load_balancer(Name=unique("lb"), Subnets=place.subnets)["LoadBalancers"][0]
    return elb.create_listener(
        LoadBalancerArn=balancer["LoadBalancerArn"],
        Protocol="HTTP",
        Port=80,
        DefaultActions=[{"Type": "forward", "TargetGroupArn": target_group_arn}],
    )["Listeners"][0]["ListenerArn"]


class Service:
    """An Auto Scaling group behind a load balancer."""

    def __init__(self, api: Api, size: int = 1, delay: int = 0, **settings: Any) -> None:
        self.api = api
        self.network = network(api)
        self.target_group = target_group(api, self.network.vpc, delay)
        self.listener = listener(api, self.network, self.target_group)
        self.template = unique("template")
        api.client("ec2").create_launch_template(
            LaunchTemplateName=self.template,
            LaunchTemplateData={"ImageId": image(api), "InstanceType": "t3.micro", "UserData": user_data("V=1")},
        )
        self.name = unique("group")
        self.autoscaling = api.client("autoscaling")
        self.autoscaling.create_auto_scaling_group(
            **{
                "AutoScalingGroupName": self.name,
                "MinSize": size,
                "MaxSize": 4,
                "DesiredCapacity": size,
                "HealthCheckGracePeriod": 0,
                "VPCZoneIdentifier": ",".join(self.network.subnets),
                "TargetGroupARNs": [self.target_group],
                "LaunchTemplate": {"LaunchTemplateName": self.template, "Version": "1"},
                **settings,
            }
        )

    def group(self) -> dict[str, Any]:
        return self.autoscaling.describe_auto_scaling_groups(AutoScalingGroupNames=[self.name])["AutoScalingGroups"][0]

    def instances(self, *states: str) -> list[str]:
        """Ids of the group's instances, all or those in a lifecycle state."""
        return [
            entry["InstanceId"]
            for entry in self.group()["Instances"]
            if not states or entry["LifecycleState"] in states
        ]

    def in_service(self) -> str:
        """The id of the one instance, once it is in service."""
        self.api.eventually(lambda: len(self.instances("InService")), 1)
        return self.instances("InService")[0]

    def targets(self) -> dict[str, str]:
        """State of each target by instance id."""
        elb = self.api.client("elbv2")
        answer = elb.describe_target_health(TargetGroupArn=self.target_group)["TargetHealthDescriptions"]
        return {entry["Target"]["Id"]: entry["TargetHealth"]["State"] for entry in answer}

    def report(self, instance: str, state: str) -> Any:
        """Report the health of an instance's target."""
        target = {"id": instance, "port": 8080, "state": state}
        return self.api.report("/_twin/target-health", targetGroupArn=self.target_group, targets=[target])

    def is_running(self, instance: str) -> bool:
        found = self.api.client("ec2").describe_instances(InstanceIds=[instance])
        return bool(found["Reservations"][0]["Instances"][0]["State"]["Name"] == "running")
