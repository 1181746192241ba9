"""The deployments as `flow.serve` has them: the same names and schedules as prefect.yaml, in one process."""

from pathlib import Path
from typing import Any, cast

import yaml
from prefect import Flow, serve
from prefect.deployments.runner import RunnerDeployment
from prefect.flows import load_flow_from_entrypoint
from prefect.schedules import Cron
from prefect.settings import get_current_settings

DEPLOYMENTS = Path("prefect.yaml")


def server_is_configured() -> bool:
    """Whether Prefect talks to a server that stays, not to a temporary one of this process."""
    return get_current_settings().api.url is not None


def deployments() -> tuple[RunnerDeployment, ...]:
    """The deployments of prefect.yaml, to be run by this process."""
    described: list[dict[str, Any]] = yaml.safe_load(DEPLOYMENTS.read_text(encoding="utf-8"))["deployments"]
    return tuple(_deployment(entry) for entry in described)


def serve_all() -> None:
    """Serve all deployments until the process is ended."""
    serve(*deployments(), pause_on_shutdown=False)


def _deployment(entry: dict[str, Any]) -> RunnerDeployment:
    flow: Flow[..., Any] = load_flow_from_entrypoint(entry["entrypoint"])
    deployment = flow.to_deployment(
        name=entry["name"],
        description=entry["description"],
        tags=entry["tags"],
        schedules=[Cron(one["cron"], timezone=one["timezone"]) for one in entry["schedules"]],
        concurrency_limit=entry["concurrency_limit"]["limit"],
    )
    return cast("RunnerDeployment", deployment)  # a coroutine only where an event loop runs
