"""The tasks of ECS: what the twin is to run, and what it reports of them."""

from typing import Any

from moto.ecs.models import EC2ContainerServiceBackend, Service, Task, ecs_backends

from webstead_aws_api.control.problem import Problem
from webstead_aws_api.gaps import ecs_tasks


def tasks() -> list[dict[str, Any]]:
    """Every task of a service that has not stopped; one that is to stop is there until it is reported."""
    return [
        {"account": account, "region": region} | _task(backend, service, task)  # type: ignore[arg-type]
        for account, region, backend in ecs_backends.iter_backends()
        for service in backend.services.values()  # type: ignore[attr-defined]
        for task in ecs_tasks.tasks_of(backend, service)  # type: ignore[arg-type]
        if ecs_tasks.life(task).status != "STOPPED"
    ]


def _task(backend: EC2ContainerServiceBackend, service: Service, task: Task) -> dict[str, Any]:
    definition = backend.describe_task_definition(task.task_definition_arn)
    [container, *_] = definition.container_definitions
    log = container.get("logConfiguration") or {}
    options = log.get("options", {}) if log.get("logDriver") == "awslogs" else {}
    return {
        "id": task.id,
        "arn": task.task_arn,
        "desired": task.desired_status,
        "cluster": task.cluster_name,
        "service": service.name,
        "family": definition.family,
        "revision": str(definition.revision),
        "image": container["image"],
        "environment": {entry["name"]: entry["value"] for entry in container.get("environment", [])},
        "port": next((int(entry["containerPort"]) for entry in container.get("portMappings", [])), None),
        "roleArn": getattr(definition, "task_role_arn", None),
        "privateIp": ecs_tasks.address(task),
        "logGroup": options.get("awslogs-group"),
        "logStream": f"{options.get('awslogs-stream-prefix')}/{container['name']}/{task.id}",
    }


def task_status(body: dict[str, Any]) -> dict[str, Any]:
    """What became of a task: it runs, or it has stopped and why."""
    account, region, identifier, status = (body.get(name) for name in ("account", "region", "id", "status"))
    if status not in ("RUNNING", "STOPPED"):
        raise Problem(400, f'status must be "RUNNING" or "STOPPED", got "{status}"')
    backend = dict.get(ecs_backends, account, {}).get(region)
    for service in backend.services.values() if backend else []:
        for task in ecs_tasks.tasks_of(backend, service):
            if task.id == identifier:
                ecs_tasks.report(backend, service, task, status, body.get("reason"))
                return {}
    raise Problem(404, f"no task {identifier}")
