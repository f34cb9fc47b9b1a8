"""Elastic Load Balancing gaps."""

from typing import Any

from tests.api import Api
from tests.gap import gap
from tests.scenery import image, listener, network, target_group


class Registered:
    """One instance, registered in a target group behind a load balancer."""

    def __init__(self, api: Api, delay: int = 30) -> None:
        self.api = api
        self.network = network(api)
        self.arn = target_group(api, self.network.vpc, delay)
        self.listener = listener(api, self.network, self.arn)
        self.elb = api.client("elbv2")
        self.instance = api.client("ec2").run_instances(
            MinCount=1, MaxCount=1, ImageId=image(api), SubnetId=self.network.subnets[0]
        )["Instances"][0]["InstanceId"]
        self.elb.register_targets(TargetGroupArn=self.arn, Targets=[{"Id": self.instance}])

    def report(self, state: str, reason: str | None = None) -> Any:
        target = {"id": self.instance, "port": 8080, "state": state, "reason": reason}
        return self.api.report("/_twin/target-health", targetGroupArn=self.arn, targets=[target])

    def states(self) -> list[str]:
        answer = self.elb.describe_target_health(TargetGroupArn=self.arn)["TargetHealthDescriptions"]
        return [entry["TargetHealth"]["State"] for entry in answer]


@gap("elbv2_targets.health_as_reported", aws=[["initial"], ["healthy"], ["unhealthy"]])
def target_health_is_what_probes_found(api: Api) -> list[list[str]]:
    registered = Registered(api)
    seen = [registered.states()]
    for state in ("healthy", "unhealthy"):
        registered.report(state, "Target.Timeout")
        seen.append(registered.states())
    return seen


@gap("elbv2_targets.health_as_reported", aws="Target.NotInUse")
def target_of_an_unused_group_is_unused(api: Api) -> str | None:
    registered = Registered(api)
    registered.elb.delete_listener(ListenerArn=registered.listener)
    answer = registered.elb.describe_target_health(TargetGroupArn=registered.arn)["TargetHealthDescriptions"]
    return answer[0]["TargetHealth"].get("Reason")


@gap(
    "elbv2_targets.deregistered_targets_drain",
    "elbv2_targets.draining_targets_are_listed",
    aws=[["draining"], []],
)
def deregistered_target_drains_until_it_is_unused(api: Api) -> list[list[str]]:
    registered = Registered(api)
    registered.elb.deregister_targets(TargetGroupArn=registered.arn, Targets=[{"Id": registered.instance}])
    seen = [registered.states()]
    registered.report("unused")
    return [*seen, registered.states()]


@gap("elbv2_targets.deregistered_targets_drain", aws=[["draining"], []])
def draining_ends_with_the_deregistration_delay(api: Api) -> list[list[str]]:
    registered = Registered(api, delay=1)
    registered.elb.deregister_targets(TargetGroupArn=registered.arn, Targets=[{"Id": registered.instance}])
    return [registered.states(), api.eventually(registered.states, [])]


@gap("elbv2_targets.registration_starts_afresh", aws=["initial"])
def target_registered_again_is_probed_anew(api: Api) -> list[str]:
    registered = Registered(api)
    registered.report("healthy")
    targets = [{"Id": registered.instance}]
    registered.elb.deregister_targets(TargetGroupArn=registered.arn, Targets=targets)
    registered.elb.register_targets(TargetGroupArn=registered.arn, Targets=targets)
    return registered.states()


@gap("elbv2_targets.terminated_targets_drain", aws=["draining"])
def target_of_a_terminated_instance_drains(api: Api) -> list[str]:
    registered = Registered(api)
    api.client("ec2").terminate_instances(InstanceIds=[registered.instance])
    return registered.states()


@gap("elbv2_load_balancers.load_balancers_that_use_the_target_group", aws=0)
def target_group_without_listener_names_no_load_balancer(api: Api) -> int:
    registered = Registered(api)
    registered.elb.delete_listener(ListenerArn=registered.listener)
    group = registered.elb.describe_target_groups(TargetGroupArns=[registered.arn])["TargetGroups"][0]
    return len(group["LoadBalancerArns"])
