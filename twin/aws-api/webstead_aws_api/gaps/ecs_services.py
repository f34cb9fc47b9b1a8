"""Services of ECS: as many tasks as desired, rolled out and taken back.

moto keeps a service as a record that launches nothing. `advance` is the scheduler: it launches, replaces and stops
tasks, a rollout's new ones first, and trips the circuit breaker when they do not become healthy.
"""

import math
import time
from collections.abc import Callable
from typing import Any

from moto.core.exceptions import ServiceException
from moto.core.utils import utcnow
from moto.ecs.models import EC2ContainerServiceBackend, Service, Task, ecs_backends
from moto.ecs.responses import EC2ContainerServiceResponse
from moto.moto_api._internal import mock_random

from webstead_aws_api.gaps import ecs_tasks
from webstead_aws_api.gaps.patching import around, computed

FIRST_PAUSE = 1.0
LONGEST_PAUSE = 60.0
"""Seconds before another task is launched after one that failed: twice as many after each."""

KEPT_FIELDS = {
    "availabilityZoneRebalancing": "availability_zone_rebalancing",
    "deploymentConfiguration": "deployment_configuration",
    "healthCheckGracePeriodSeconds": "health_check_grace_period_seconds",
    "enableECSManagedTags": "enable_ecs_managed_tags",
    "enableExecuteCommand": "enable_execute_command",
}
"""Fields of CreateService that moto does not keep, and where DescribeServices looks for them."""


def advance_services() -> None:
    """Bring every service that exists to where AWS would have it now."""
    for _, _, backend in ecs_backends.iter_backends():
        for service in list(backend.services.values()):  # type: ignore[attr-defined]
            if service.launch_type == "FARGATE" and service.status != "INACTIVE":
                _advance(backend, service)  # type: ignore[arg-type]
        ecs_tasks.forget_old(backend)  # type: ignore[arg-type]


def _advance(backend: EC2ContainerServiceBackend, service: Service) -> None:
    tasks = [task for task in ecs_tasks.tasks_of(backend, service) if ecs_tasks.life(task).status != "STOPPED"]
    if service.status == "DRAINING":
        for task in filter(ecs_tasks.wanted, tasks):
            ecs_tasks.retire(backend, service, task, "Scaling activity initiated by deletion of the service")
        if not tasks:
            service.status = "INACTIVE"
        return
    _replace_unhealthy(backend, service, tasks)
    _count_failures(backend, service)
    if _is_broken(service):
        _take_back(backend, service)
    primary = service.deployments[0]
    if primary["rolloutState"] != "FAILED":
        _launch_missing(backend, service, primary)
    _stop_surplus(backend, service, primary)
    _complete(backend, service, primary)
    _count(backend, service)


def _replace_unhealthy(backend: EC2ContainerServiceBackend, service: Service, tasks: list[Task]) -> None:
    grace = float(getattr(service, "health_check_grace_period_seconds", None) or 0)
    for task in filter(ecs_tasks.wanted, tasks):
        overdue = time.time() - ecs_tasks.life(task).running_since > grace
        if overdue and ecs_tasks.health(backend, service, task) == "unhealthy":
            groups = ", ".join(group.arn for group, _ in ecs_tasks.target_groups(backend, service))
            ecs_tasks.retire(backend, service, task, f"Task failed ELB health checks in (target-group {groups})")


def _count_failures(backend: EC2ContainerServiceBackend, service: Service) -> None:
    """A task that ended and was not told to, or that was never healthy, counts against its deployment."""
    by_id = {deployment["id"]: deployment for deployment in service.deployments}
    for task in ecs_tasks.tasks_of(backend, service):
        record = ecs_tasks.life(task)
        ended_badly = task.desired_status == "STOPPED" and not task.stopped_reason.startswith("Scaling activity")
        if not ended_badly or record.counted:
            continue
        record.counted = True
        deployment = by_id.get(task.started_by)
        if deployment is not None:
            deployment["failedTasks"] += 1
        pause = min(service.__dict__.get("twin_pause", FIRST_PAUSE / 2) * 2, LONGEST_PAUSE)
        service.__dict__["twin_pause"], service.__dict__["twin_launch_after"] = pause, time.time() + pause


def _is_broken(service: Service) -> bool:
    primary = service.deployments[0]
    breaker = _configuration(service).get("deploymentCircuitBreaker") or {}
    threshold = min(200, max(3, math.ceil(service.desired_count / 2)))
    return bool(
        breaker.get("enable") and primary["rolloutState"] == "IN_PROGRESS" and primary["failedTasks"] >= threshold
    )


def _take_back(backend: EC2ContainerServiceBackend, service: Service) -> None:
    """The circuit breaker: the deployment failed, and the one before it is put back."""
    failed, *earlier = service.deployments
    _set_state(failed, "FAILED", "ECS deployment circuit breaker: tasks failed to start.")
    _note(service, f"(service {service.name}) (deployment {failed['id']}) deployment failed: tasks failed to start.")
    good = next((one for one in earlier if one["rolloutState"] == "COMPLETED"), None)
    if good is None or not _configuration(service)["deploymentCircuitBreaker"].get("rollback"):
        return
    failed["status"] = "ACTIVE"
    good["status"] = "PRIMARY"
    _set_state(good, "IN_PROGRESS", "ECS deployment circuit breaker: rolling back to this deployment.")
    service.task_definition = good["taskDefinition"]
    service.deployments = [good, *(one for one in service.deployments if one is not good)]
    _note(service, f"(service {service.name}) rolling back to deployment {good['id']}.")
    for task in _of(backend, service, failed):
        ecs_tasks.retire(backend, service, task, "Scaling activity initiated by the circuit breaker")


def _launch_missing(backend: EC2ContainerServiceBackend, service: Service, primary: dict[str, Any]) -> None:
    most = math.floor(service.desired_count * _configuration(service).get("maximumPercent", 200) / 100)
    room = most - len(_all_wanted(backend, service))
    missing = service.desired_count - len(_of(backend, service, primary))
    if time.time() < service.__dict__.get("twin_launch_after", 0):
        return
    for _ in range(max(0, min(room, missing))):
        turn = service.__dict__["twin_turn"] = service.__dict__.get("twin_turn", -1) + 1
        try:
            ecs_tasks.launch(backend, service, primary, turn)
        except ServiceException as error:
            _note(service, f"(service {service.name}) was unable to place a task: {error.message}")
            service.__dict__["twin_launch_after"] = time.time() + LONGEST_PAUSE
            return


def _stop_surplus(backend: EC2ContainerServiceBackend, service: Service, primary: dict[str, Any]) -> None:
    """What is more than desired goes; what is older, as soon as enough newer ones are healthy."""
    mine = _of(backend, service, primary)
    for task in mine[service.desired_count :]:
        ecs_tasks.retire(backend, service, task, "Scaling activity initiated by a lower desired count")
    healthy = [task for task in mine if ecs_tasks.health(backend, service, task) == "healthy"]
    older = [task for task in _all_wanted(backend, service) if task.started_by != primary["id"]]
    least = math.ceil(service.desired_count * _configuration(service).get("minimumHealthyPercent", 100) / 100)
    for task in older[max(0, least - len(healthy)) :]:
        ecs_tasks.retire(backend, service, task, f"Scaling activity initiated by deployment {primary['id']}")


def _complete(backend: EC2ContainerServiceBackend, service: Service, primary: dict[str, Any]) -> None:
    healthy = [task for task in _of(backend, service, primary) if ecs_tasks.health(backend, service, task) == "healthy"]
    others = [task for task in _all_running(backend, service) if task.started_by != primary["id"]]
    if len(healthy) < service.desired_count or others:
        return
    service.deployments = [primary]
    if primary["rolloutState"] == "IN_PROGRESS":
        _set_state(primary, "COMPLETED", f"ECS deployment {primary['id']} completed.")
        _note(service, f"(service {service.name}) has reached a steady state.")
        primary["failedTasks"] = 0
    service.__dict__.pop("twin_pause", None)


def _count(backend: EC2ContainerServiceBackend, service: Service) -> None:
    for deployment in service.deployments:
        own = _of(backend, service, deployment)
        running = sum(ecs_tasks.life(task).status == "RUNNING" for task in own)
        deployment["runningCount"], deployment["pendingCount"] = running, len(own) - running
        deployment["desiredCount"] = service.desired_count if deployment is service.deployments[0] else len(own)


def _of(backend: EC2ContainerServiceBackend, service: Service, deployment: dict[str, Any]) -> list[Task]:
    return [task for task in _all_wanted(backend, service) if task.started_by == deployment["id"]]


def _all_wanted(backend: EC2ContainerServiceBackend, service: Service) -> list[Task]:
    return list(filter(ecs_tasks.wanted, ecs_tasks.tasks_of(backend, service)))


def _all_running(backend: EC2ContainerServiceBackend, service: Service) -> list[Task]:
    tasks = ecs_tasks.tasks_of(backend, service)
    return [task for task in tasks if ecs_tasks.life(task).status == "RUNNING"]


def _configuration(service: Service) -> dict[str, Any]:
    return getattr(service, "deployment_configuration", None) or {}


def _set_state(deployment: dict[str, Any], state: str, reason: str) -> None:
    deployment["rolloutState"], deployment["rolloutStateReason"] = state, reason
    deployment["updatedAt"] = utcnow()


def _note(service: Service, message: str) -> None:
    event = {"id": str(mock_random.uuid4()), "createdAt": utcnow(), "message": message}
    service.events = [event, *service.events][:100]


@computed(Service, "running_count")
def running_tasks(self: Service) -> int:
    """A service runs as many tasks as really run."""
    tasks = ecs_tasks.tasks_of(self._backend, self)
    return sum(ecs_tasks.life(task).status == "RUNNING" and ecs_tasks.wanted(task) for task in tasks)


@computed(Service, "pending_count")
def pending_tasks(self: Service) -> int:
    """Tasks that were launched and do not run yet are pending."""
    return sum(ecs_tasks.life(task).status == "PROVISIONING" for task in ecs_tasks.tasks_of(self._backend, self))


@around(EC2ContainerServiceResponse, "create_service")
def what_a_service_was_asked_for(original: Callable[..., Any], self: EC2ContainerServiceResponse) -> Any:
    """A service has the deployment configuration and the grace period it was created with."""
    result = original(self)
    service = self.ecs_backend._get_service(self._get_param("cluster", "default"), self._get_param("serviceName"))
    for name, attribute in KEPT_FIELDS.items():
        if self._get_param(name) is not None:
            setattr(service, attribute, self._get_param(name))
    return result


@around(EC2ContainerServiceBackend, "update_service")
def a_changed_service_is_rolled_out(
    original: Callable[..., Service], self: EC2ContainerServiceBackend, service_properties: dict[str, Any]
) -> Service:
    """Another task definition, or a forced deployment, is rolled out as a deployment of its own."""
    forced = service_properties.get("force_new_deployment")
    asked = service_properties.get("task_definition")
    if asked:
        service_properties["task_definition"] = self.describe_task_definition(asked).arn
    service = original(self, service_properties | {"force_new_deployment": False})
    if service.deployments and (forced or service.deployments[0]["taskDefinition"] != service.task_definition):
        for deployment in service.deployments:
            deployment["status"] = "ACTIVE"
        service.deployments.insert(0, _deployment(service))
    return service


def _deployment(service: Service) -> dict[str, Any]:
    identifier = f"ecs-svc/{mock_random.randint(0, 32**12)}"
    return service.deployments[0] | {
        "id": identifier,
        "status": "PRIMARY",
        "taskDefinition": service.task_definition,
        "networkConfiguration": service.network_configuration,
        "createdAt": utcnow(),
        "updatedAt": utcnow(),
        "rolloutState": "IN_PROGRESS",
        "rolloutStateReason": f"ECS deployment {identifier} in progress.",
        "failedTasks": 0,
        "runningCount": 0,
        "pendingCount": 0,
    }


@around(EC2ContainerServiceBackend, "delete_service")
def a_deleted_service_drains(
    original: Callable[..., Service], self: EC2ContainerServiceBackend, cluster_name: str, service_name: str, force: bool
) -> Service:
    """A deleted service is DRAINING until its last task has stopped."""
    service = original(self, cluster_name, service_name, force)
    if any(ecs_tasks.life(task).status != "STOPPED" for task in ecs_tasks.tasks_of(self, service)):
        service.status = "DRAINING"
    return service
