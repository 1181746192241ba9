"""Setting up a Prefect server for a warehouse: work pool, deployments, automations; again brings them up to date.

Several warehouses may share a server: all that one has there bears its name (`Settings.server_name`), and the server
keeps, in a variable, which warehouse a name belongs to."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import yaml
from prefect import Flow, serve
from prefect.automations import Automation
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.client.schemas.filters import DeploymentFilter, DeploymentFilterTags
from prefect.client.schemas.objects import ConcurrencyLimitConfig
from prefect.deployments.runner import RunnerDeployment
from prefect.flows import load_flow_from_entrypoint
from prefect.runner.storage import LocalStorage
from prefect.schedules import Cron
from prefect.settings import get_current_settings
from prefect.variables import Variable
from prefect.workers.process import ProcessWorker

from flows.settings import Place, UserError

DEPLOYMENTS = Path("prefect.yaml")
AUTOMATIONS = Path("docs/automations.yaml")
FETCHING = "daily"
"""The deployment that has as many runs at once as there are fetchers, where several machines share a warehouse: to
write they take turns by the warehouse's catalog, so that runs by hand do as well."""
Told = Callable[[str], None]


def set_up(place: Place, *, notify: str = "", take_over: bool = False, tell: Told = lambda _: None) -> None:
    """Create the work pool, the deployments of prefect.yaml and the automations, or bring them up to date.

    Args:
        place: the warehouse.
        notify: a notification block of the server, as "type/name", that the automations tell; none if empty.
        take_over: whether the name may belong to another warehouse so far.
        tell: told of each step.

    Raises:
        UserError: the name belongs to another warehouse, or there is no such block.
    """
    claim_name(place, take_over=take_over)
    with get_client(sync_client=True) as client:
        _create_pool(client, place.name)
        tell(f"work pool {place.name}")
        for deployment in deployments(place, pool=place.name):
            deployment.apply()
            tell(f"deployment {deployment.full_name}")
        for former in _retire_former(client, place):
            tell(f"removed {former}, which had no warehouse's name yet")
    set_up_automations(place, notify, tell)


def claim_name(place: Place, *, take_over: bool = False) -> None:
    """Record on the server that the name is this warehouse's.

    Raises:
        UserError: it belongs to another warehouse.
    """
    key = "commentary_" + place.name.replace("-", "_")
    shared = place.workspace.lake  # it is the same warehouse from whichever machine
    own = {
        "warehouse": str(shared) if shared is not None else place.workspace.identity(),
        "folder": str(place.project.absolute()),
    }
    recorded = Variable.get(key)
    owner = json.loads(recorded) if isinstance(recorded, str) else recorded
    if isinstance(owner, dict) and owner.get("warehouse") != own["warehouse"] and not take_over:
        raise UserError(
            f"the name {place.name!r} belongs to another warehouse on this server, that of {owner.get('folder')}",
            "set `name` in commentary.toml or COMMENTARY_NAME to a name of your own; "
            "or, if this warehouse follows that one, `commentary deploy --take-over`",
        )
    if owner != own:
        Variable.set(key, json.dumps(own), overwrite=True)


def deployments(place: Place, *, pool: str | None = None) -> tuple[RunnerDeployment, ...]:
    """The deployments of prefect.yaml under the warehouse's name, for a work pool or to be served."""
    described = yaml.safe_load((place.project / DEPLOYMENTS).read_text(encoding="utf-8"))["deployments"]
    lake = place.workspace.lake is not None
    return tuple(_deployment(place, entry, pool) for entry in described if lake or "lake" not in entry["tags"])


def automations(place: Place, notify: str = "") -> tuple[Automation, ...]:
    """The automations of docs/automations.yaml for this warehouse's runs.

    Raises:
        UserError: `notify` names no block of the server.
    """
    text = (place.project / AUTOMATIONS).read_text(encoding="utf-8")
    described = yaml.safe_load(text.replace("WAREHOUSE", place.name))["automations"]
    block = _block_id(notify) if notify else None
    return tuple(Automation(**_telling(one, block)) for one in described)


def set_up_automations(place: Place, notify: str = "", tell: Told = lambda _: None) -> None:
    """Create the automations, or bring those of the same name up to date.

    Raises:
        UserError: `notify` names no block of the server.
    """
    with get_client(sync_client=True) as client:
        for wanted in automations(place, notify):
            found = client.read_automations_by_name(wanted.name)
            for one in found[:1]:
                wanted.id = one.id
                wanted.update()
            if not found:
                wanted.create()
            tell(f"automation {wanted.name}")


def _deployment(place: Place, entry: dict[str, Any], pool: str | None) -> RunnerDeployment:
    flow: Flow[..., Any] = load_flow_from_entrypoint(str(place.project / entry["entrypoint"]))
    limit = dict(entry["concurrency_limit"])
    schedules = [Cron(one["cron"], timezone=one["timezone"], slug=one["slug"]) for one in entry["schedules"]]
    if entry["name"] == FETCHING and place.workspace.lake is not None:
        limit["limit"] = place.fetchers
        schedules += [
            Cron(one["cron"], timezone=one["timezone"], slug=f"{one['slug']}-{number}")
            for one in entry["schedules"]
            for number in range(2, place.fetchers + 1)
        ]
    made = flow.to_deployment(
        name=f"{place.name}-{entry['name']}",
        description=entry["description"],
        tags=[*entry["tags"], place.tag],
        schedules=schedules,
        concurrency_limit=ConcurrencyLimitConfig(**limit),
        **({"work_pool_name": pool, "job_variables": entry["work_pool"]["job_variables"]} if pool else {}),
    )
    deployment = cast("RunnerDeployment", made)  # a coroutine only where an event loop runs
    deployment.entrypoint = entry["entrypoint"]
    deployment.storage = LocalStorage(str(place.project.absolute()))
    return deployment


def _create_pool(client: SyncPrefectClient, name: str) -> None:
    template = ProcessWorker.get_default_base_job_template()
    client.create_work_pool(WorkPoolCreate(name=name, type="process", base_job_template=template), overwrite=True)


def _retire_former(client: SyncPrefectClient, place: Place) -> list[str]:
    """Delete this folder's deployments of a release that gave them no warehouse's name: all would run twice."""
    names = {entry["name"] for entry in yaml.safe_load((place.project / DEPLOYMENTS).read_text("utf-8"))["deployments"]}
    tagged = DeploymentFilter(tags=DeploymentFilterTags(all_=["commentary"]))
    retired = []
    for one in client.read_deployments(deployment_filter=tagged):
        folders = [step.get("directory") for steps in one.pull_steps or () for step in steps.values()]
        if one.name in names and folders == [str(place.project.absolute())]:
            client.delete_deployment(one.id)
            retired.append(one.name)
    return retired


def _telling(described: dict[str, Any], block: str | None) -> dict[str, Any]:
    """An automation whose actions that notify have the block; without one they do nothing but leave an event."""
    actions = []
    for action in described["actions"]:
        if action["type"] != "send-notification":
            actions.append(action)
        else:
            actions.append({**action, "block_document_id": block} if block else {"type": "do-nothing"})
    return {**described, "actions": actions}


def _block_id(notify: str) -> str:
    kind, _, name = notify.partition("/")
    with get_client(sync_client=True) as client:
        for block in client.read_block_documents_by_type(kind) if kind and name else []:
            if block.name == name:
                return str(block.id)
    raise UserError(
        f"the server has no block {notify!r} to notify",
        "make one in its UI under Blocks and set COMMENTARY_NOTIFY to its type and name, such as slack-webhook/ops",
    )


def server_is_configured() -> bool:
    """Whether Prefect talks to a server that stays, not to a temporary one of this process."""
    return get_current_settings().api.url is not None


def serve_all(place: Place, notify: str = "", tell: Told = lambda _: None) -> None:
    """Serve all deployments until the process is ended.

    Where they are deployed to a work pool already, each run is taken by whoever comes first.

    Raises:
        UserError: the warehouse's name belongs to another on this server.
    """
    claim_name(place)
    set_up_automations(place, notify, tell)
    serve(*deployments(place), pause_on_shutdown=False)
