"""Auto Scaling gaps: unhealthy and terminated instances."""

from typing import Any

from tests.api import Api, error_code
from tests.gap import gap
from tests.gaps.autoscaling import LAUNCH_FIRST
from tests.scenery import Service


def _replaced(service: Service, old: str) -> bool:
    """Whether one new instance serves in the place of `old`, registered, and `old` is gone."""
    new = service.instances("InService")
    return len(new) == 1 and old not in new and set(service.targets()) == set(new) and not service.is_running(old)


def _mark(service: Service, instance: str, **settings: Any) -> None:
    service.autoscaling.set_instance_health(InstanceId=instance, HealthStatus="Unhealthy", **settings)


@gap("autoscaling_instances.unhealthy_is_replaced", aws=True)
def unhealthy_instance_is_replaced(api: Api) -> bool:
    service = Service(api)
    old = service.in_service()
    _mark(service, old)
    return api.eventually(lambda: _replaced(service, old), True)


@gap("autoscaling_instances.unhealthy_is_replaced", aws=[True, True, True])
def replacement_is_launched_first_where_the_policy_says_so(api: Api) -> list[bool]:
    service = Service(api, InstanceMaintenancePolicy=LAUNCH_FIRST, HealthCheckType="ELB")
    old = service.in_service()
    service.report(old, "healthy")
    _mark(service, old)
    both = api.eventually(lambda: len(service.instances("InService")), 2) == 2
    still_serves = service.is_running(old)
    (new,) = [instance for instance in service.instances() if instance != old] or [old]
    service.report(new, "healthy")
    return [both, still_serves, api.eventually(lambda: _replaced(service, old), True)]


@gap("autoscaling_instances.grace_period_is_respected", aws=["Healthy", True])
def grace_period_holds_unless_told_otherwise(api: Api) -> Any:
    service = Service(api, HealthCheckGracePeriod=600)
    old = service.in_service()
    _mark(service, old)
    within = service.group()["Instances"][0]["HealthStatus"]
    _mark(service, old, ShouldRespectGracePeriod=False)
    return [within, api.eventually(lambda: _replaced(service, old), True)]


@gap("autoscaling_instances.unhealthy_is_replaced", aws="ValidationError")
def health_of_a_foreign_instance_is_refused(api: Api) -> str:
    service = Service(api)
    return error_code(lambda: _mark(service, "i-00000000000000000"))


@gap("autoscaling_instances.terminated_is_replaced", aws=True)
def terminated_instance_is_replaced_and_registered(api: Api) -> bool:
    service = Service(api)
    old = service.in_service()
    api.client("ec2").terminate_instances(InstanceIds=[old])
    return api.eventually(lambda: _replaced(service, old), True)


@gap("autoscaling_instances.termination_by_the_group", aws=["draining", True])
def instance_terminated_by_the_group_drains_first(api: Api) -> list[Any]:
    service = Service(api, delay=30)
    old = service.in_service()
    service.autoscaling.terminate_instance_in_auto_scaling_group(InstanceId=old, ShouldDecrementDesiredCapacity=False)
    first = service.targets().get(old)
    service.report(old, "unused")
    return [first, api.eventually(lambda: _replaced(service, old), True)]
