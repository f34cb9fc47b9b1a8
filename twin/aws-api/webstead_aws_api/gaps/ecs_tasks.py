"""Tasks of ECS: launched for a service, running when the twin says so, stopped when their targets have drained."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from moto.ec2.models import ec2_backends
from moto.ec2.models.elastic_network_interfaces import NetworkInterface
from moto.ecs.models import EC2ContainerServiceBackend, Service, Task
from moto.elbv2.models import FakeTargetGroup, elbv2_backends

from webstead_aws_api.gaps.elbv2_targets import state_of
from webstead_aws_api.gaps.patching import around, computed

STOPPED_SECONDS = 600.0
"""How long a stopped task is still listed; on AWS it is about an hour."""


@dataclass
class Life:
    """What becomes of a task. `status` is what DescribeTasks says."""

    status: str = "PROVISIONING"
    running_since: float = 0.0
    stopped_at: float = 0.0
    counted: bool = False
    """Whether its failure was counted against its deployment."""


def life(task: Task) -> Life:
    """The life of a task."""
    return task.__dict__.setdefault("twin_life", Life())


def wanted(task: Task) -> bool:
    """Whether the task is to run."""
    return bool(task.desired_status == "RUNNING" and life(task).status != "STOPPED")


def address(task: Task) -> str | None:
    """The private address of a task."""
    return _detail(task, "privateIPv4Address")


def tasks_of(backend: EC2ContainerServiceBackend, service: Service) -> list[Task]:
    """All tasks of a service that are still listed, the oldest first."""
    group = f"service:{service.name}"
    return [task for task in backend.tasks.get(service.cluster_name, {}).values() if task.group == group]


def launch(backend: EC2ContainerServiceBackend, service: Service, deployment: dict[str, Any], turn: int) -> None:
    """Launch one task of a deployment; the subnets take turns."""
    places = service.network_configuration["awsvpcConfiguration"]
    subnets = places["subnets"]
    at = turn % len(subnets)
    turned: dict[str, Any] = {"awsvpcConfiguration": places | {"subnets": subnets[at:] + subnets[:at]}}
    cluster = backend._get_cluster(service.cluster_name)
    # Not by RunTask: moto's asks each container for its memory, which one on Fargate need not name.
    task = Task(
        cluster=cluster,
        task_definition=backend.describe_task_definition(deployment["taskDefinition"]),
        container_instance_arn=None,
        resource_requirements=None,
        backend=backend,
        group=f"service:{service.name}",
        launch_type="FARGATE",
        started_by=deployment["id"],
        tags=service.tags if service.propagate_tags == "SERVICE" else None,
        networking_configuration=turned,
        platform_version=service.platform_version,
    )
    backend.tasks.setdefault(cluster.name, {})[task.task_arn] = task


def retire(backend: EC2ContainerServiceBackend, service: Service, task: Task, reason: str) -> None:
    """Stop a task: its targets drain first."""
    task.desired_status = "STOPPED"
    task.stopped_reason = reason
    _deregister(backend, service, task)
    if life(task).status == "PROVISIONING":
        end(backend, service, task, reason)


def report(
    backend: EC2ContainerServiceBackend, service: Service, task: Task, status: str, reason: str | None
) -> None:
    """The twin says that a task runs, or that it has ended and why."""
    record = life(task)
    if status == "STOPPED":
        end(backend, service, task, reason or task.stopped_reason or "Essential container in task exited")
    elif record.status == "PROVISIONING" and task.desired_status == "RUNNING":
        record.status, record.running_since = "RUNNING", time.time()
        for group, port in target_groups(backend, service):
            group.register([{"Id": address(task), "Port": port}])


def end(backend: EC2ContainerServiceBackend, service: Service, task: Task, reason: str) -> None:
    """The task has stopped: its address is free."""
    record = life(task)
    if record.status == "STOPPED":
        return
    _deregister(backend, service, task)
    record.status, record.stopped_at = "STOPPED", time.time()
    task.desired_status = "STOPPED"
    task.stopped_reason = task.stopped_reason or reason
    interface = _detail(task, "networkInterfaceId")
    ec2 = ec2_backends[backend.account_id][backend.region_name]
    if interface in ec2.enis:
        ec2.delete_network_interface(interface)


def forget_old(backend: EC2ContainerServiceBackend) -> None:
    """Tasks that stopped long ago are listed no more."""
    old = time.time() - STOPPED_SECONDS
    for tasks in backend.tasks.values():
        for arn in [arn for arn, task in tasks.items() if 0 < life(task).stopped_at < old]:
            del tasks[arn]


def health(backend: EC2ContainerServiceBackend, service: Service, task: Task) -> str:
    """ "healthy", "unhealthy" or "waiting", by the target groups of the service."""
    if life(task).status != "RUNNING":
        return "waiting"
    states = [state_of(group, str(address(task)))[0] for group, _ in target_groups(backend, service)]
    if "unhealthy" in states:
        return "unhealthy"
    return "healthy" if all(state == "healthy" for state in states) else "waiting"


def target_groups(
    backend: EC2ContainerServiceBackend, service: Service
) -> Iterator[tuple[FakeTargetGroup, int]]:
    """The target groups that tasks of the service register in, each with the port."""
    known = elbv2_backends[backend.account_id][backend.region_name].target_groups
    for entry in service.load_balancers:
        group = known.get(entry.get("targetGroupArn"))
        if group is not None:
            yield group, int(entry["containerPort"])


def _deregister(backend: EC2ContainerServiceBackend, service: Service, task: Task) -> None:
    for group, port in target_groups(backend, service):
        if address(task) in group.targets:
            group.deregister([{"Id": address(task), "Port": port}])


def _detail(task: Task, name: str) -> str | None:
    return next(
        (
            detail["value"]
            for attachment in task.attachments
            for detail in attachment["details"]
            if detail["name"] == name
        ),
        None,
    )


@around(NetworkInterface, "__init__")
def interface_without_a_name(
    original: Callable[..., None], self: NetworkInterface, *arguments: Any, **named: Any
) -> None:
    """A task may stand in a VPC without DNS host names: its interface has none."""
    self.private_dns_name = ""
    original(self, *arguments, **named)


@computed(Task, "last_status")
def status_as_reported(self: Task) -> str:
    """A task of a service runs when it really does.

    moto's run from their first moment, and end by being looked at.
    """
    return life(self).status if self.group.startswith("service:") else str(self.status)


@around(EC2ContainerServiceBackend, "list_tasks")
def tasks_as_asked_for(
    original: Callable[..., list[Task]],
    self: EC2ContainerServiceBackend,
    cluster_str: str | None = None,
    container_instance: str | None = None,
    family: str | None = None,
    started_by: str | None = None,
    service_name: str | None = None,
    desiredStatus: str | None = None,  # noqa: N803  moto's own name
) -> list[Task]:
    """ListTasks lists what is to run, unless stopped ones are asked for, and knows services."""
    status = desiredStatus or "RUNNING"
    group = service_name and f"service:{service_name.split('/')[-1]}"
    return [
        task
        for task in original(self, cluster_str, container_instance, family, started_by)
        if task.desired_status == status and group in (None, task.group)
    ]


@around(EC2ContainerServiceBackend, "stop_task")
def a_stopped_task_drains(
    original: Callable[..., Task], self: EC2ContainerServiceBackend, cluster_str: str, task_str: str, reason: str
) -> Task:
    """StopTask takes the task out of its target groups first, and its service launches another."""
    cluster = self._get_cluster(cluster_str)
    for service in self.services.values():
        for task in tasks_of(self, service) if service.cluster_name == cluster.name else []:
            if task.task_arn.endswith(task_str.split("/")[-1]):
                retire(self, service, task, reason or "Task stopped by user")
                return task
    return original(self, cluster_str, task_str, reason)
