"""Elastic Container Service gaps."""

from typing import Any

from tests.api import Api, unique
from tests.gap import gap
from tests.scenery import Network, listener, network


class Serving:
    """A service of two Fargate tasks behind a load balancer, with a circuit breaker."""

    def __init__(self, api: Api, desired: int = 2) -> None:
        self.api = api
        self.ecs = api.client("ecs")
        self.elb = api.client("elbv2")
        self.name = unique("service")
        self.network = network(api)
        self.arn = self._target_group(self.network)
        listener(api, self.network, self.arn)
        self.ecs.create_cluster(clusterName=self.name)
        self.answer = self.ecs.create_service(
            cluster=self.name,
            serviceName=self.name,
            taskDefinition=self.definition("1"),
            launchType="FARGATE",
            desiredCount=desired,
            healthCheckGracePeriodSeconds=0,
            deploymentConfiguration={
                "deploymentCircuitBreaker": {"enable": True, "rollback": True},
                "maximumPercent": 200,
                "minimumHealthyPercent": 100,
            },
            networkConfiguration={
                "awsvpcConfiguration": {
                    "subnets": self.network.subnets,
                    "securityGroups": [self.network.security_group],
                }
            },
            loadBalancers=[{"targetGroupArn": self.arn, "containerName": "app", "containerPort": 8000}],
        )["service"]

    def _target_group(self, place: Network) -> str:
        return self.elb.create_target_group(
            Name=unique("tg"), Protocol="HTTP", Port=8000, VpcId=place.vpc, TargetType="ip"
        )["TargetGroups"][0]["TargetGroupArn"]

    def definition(self, tag: str) -> str:
        return self.ecs.register_task_definition(
            family=self.name,
            requiresCompatibilities=["FARGATE"],
            networkMode="awsvpc",
            cpu="256",
            memory="512",
            containerDefinitions=[
                {"name": "app", "image": f"app:{tag}", "portMappings": [{"containerPort": 8000}]}
            ],
        )["taskDefinition"]["taskDefinitionArn"]

    def roll_out(self, tag: str) -> None:
        self.ecs.update_service(cluster=self.name, service=self.name, taskDefinition=self.definition(tag))

    def service(self) -> dict[str, Any]:
        return self.ecs.describe_services(cluster=self.name, services=[self.name])["services"][0]

    def tasks(self, tag: str | None = None) -> list[dict[str, Any]]:
        """What the twin is to run, or the tasks that plain moto has."""
        if not self.api.is_twin:
            return []
        found = self.api.world("tasks", service=self.name, desired="RUNNING")
        return [task for task in found if tag is None or task["image"] == f"app:{tag}"]

    def say(self, tasks: list[dict[str, Any]], status: str, **more: Any) -> None:
        for task in tasks:
            place = {name: task[name] for name in ("account", "region", "id")}
            self.api.report("/_twin/task-status", **place, status=status, **more)

    def health(self, tasks: list[dict[str, Any]], state: str) -> None:
        if self.api.is_twin:
            targets = [{"id": task["privateIp"], "port": 8000, "state": state} for task in tasks]
            self.api.report("/_twin/target-health", targetGroupArn=self.arn, targets=targets)

    def serve(self, tag: str | None = None) -> list[dict[str, Any]]:
        """All launched tasks run and are healthy."""
        tasks = self.tasks(tag)
        self.say(tasks, "RUNNING")
        self.health(tasks, "healthy")
        self.service()
        return tasks

    def targets(self) -> int:
        answer = self.elb.describe_target_health(TargetGroupArn=self.arn)["TargetHealthDescriptions"]
        return sum(entry["TargetHealth"]["State"] != "draining" for entry in answer)


@gap("ecs_services.what_a_service_was_asked_for", aws=[True, 0])
def service_is_what_was_asked_for(api: Api) -> list[Any]:
    service = Serving(api).service()
    breaker = service.get("deploymentConfiguration", {}).get("deploymentCircuitBreaker", {})
    return [breaker.get("rollback"), service.get("healthCheckGracePeriodSeconds")]


@gap(
    "ecs_services.running_tasks",
    "ecs_services.pending_tasks",
    "ecs_tasks.interface_without_a_name",
    "ecs_tasks.status_as_reported",
    "ecs_tasks.tasks_as_asked_for",
    aws=[[0, 2], ["PROVISIONING"] * 2, [2, 0], ["RUNNING"] * 2, 2, "COMPLETED"],
)
def service_launches_its_tasks(api: Api) -> list[Any]:
    serving = Serving(api)

    def statuses() -> list[str]:
        arns = serving.ecs.list_tasks(cluster=serving.name, serviceName=serving.name)["taskArns"]
        found = serving.ecs.describe_tasks(cluster=serving.name, tasks=arns)["tasks"] if arns else []
        return [task["lastStatus"] for task in found]

    def counts() -> list[int]:
        service = serving.service()
        return [service["runningCount"], service["pendingCount"]]

    before = [counts(), statuses()]
    serving.serve()
    return [*before, counts(), statuses(), serving.targets(), serving.service()["deployments"][0]["rolloutState"]]


@gap("ecs_services.a_changed_service_is_rolled_out", aws=[2, [2, 2], 2, ["app:2"], 1])
def rollout_starts_the_new_tasks_first(api: Api) -> list[Any]:
    serving = Serving(api)
    serving.serve()
    serving.roll_out("2")
    seen: list[Any] = [len(serving.service()["deployments"]), [len(serving.tasks("1")), len(serving.tasks("2"))]]
    serving.serve("2")
    gone = api.world("tasks", service=serving.name, desired="STOPPED") if api.is_twin else []
    serving.say(gone, "STOPPED")
    images = sorted({task["image"] for task in serving.tasks()})
    return [*seen, serving.targets(), images, len(serving.service()["deployments"])]


@gap("ecs_services.a_changed_service_is_rolled_out", aws=[True, 2, 1])
def circuit_breaker_puts_the_old_tasks_back(api: Api) -> list[Any]:
    serving = Serving(api)
    first = serving.service()["taskDefinition"]
    serving.serve()
    serving.roll_out("2")

    def is_back() -> bool:
        serving.say(serving.tasks("2"), "STOPPED", reason="Essential container in task exited")
        return bool(serving.service()["taskDefinition"] == first)

    back = api.eventually(is_back, True, seconds=20)
    serving.service()
    return [back, len(serving.tasks("1")), len(serving.service()["deployments"])]


@gap("ecs_tasks.a_stopped_task_drains", aws=[1, 2])
def stopped_task_is_replaced(api: Api) -> list[int]:
    serving = Serving(api)
    tasks = serving.serve()
    if not api.is_twin:
        return []
    serving.ecs.stop_task(cluster=serving.name, task=tasks[0]["arn"])
    targets = serving.targets()
    return [targets, api.eventually(lambda: len(serving.tasks()), 2)]


@gap("ecs_services.a_deleted_service_drains", aws=["DRAINING", "INACTIVE"])
def deleted_service_drains(api: Api) -> list[str]:
    serving = Serving(api)
    serving.serve()
    serving.ecs.delete_service(cluster=serving.name, service=serving.name, force=True)
    seen = serving.service()["status"]
    serving.say(api.world("tasks", service=serving.name) if api.is_twin else [], "STOPPED")
    return [seen, serving.service()["status"]]


@gap(
    "applicationautoscaling_tags.registered_with_tags",
    "applicationautoscaling_tags.listed",
    "applicationautoscaling_tags.tagged",
    "applicationautoscaling_tags.untagged",
    aws={"Project": "webstead", "More": "yes"},
)
def scalable_target_has_tags(api: Api) -> Any:
    serving = Serving(api)
    scaling = api.client("application-autoscaling")
    arn = scaling.register_scalable_target(
        ServiceNamespace="ecs",
        ResourceId=f"service/{serving.name}/{serving.name}",
        ScalableDimension="ecs:service:DesiredCount",
        MinCapacity=2,
        MaxCapacity=6,
        Tags={"Project": "webstead", "Less": "no"},
    )["ScalableTargetARN"]
    scaling.tag_resource(ResourceARN=arn, Tags={"More": "yes"})
    scaling.untag_resource(ResourceARN=arn, TagKeys=["Less"])
    return scaling.list_tags_for_resource(ResourceARN=arn)["Tags"]
