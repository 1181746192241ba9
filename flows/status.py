"""Whether all is well: when runs came and are to come, a failed run tried a second time, and what monitors read."""

import shutil
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from duckdb import DuckDBPyConnection
from prefect import get_run_logger
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
    FlowRunFilterTags,
)
from prefect.client.schemas.objects import StateType
from prefect.client.schemas.sorting import FlowRunSort
from prefect.context import FlowRunContext
from prefect.exceptions import PrefectHTTPStatusError
from prefect.states import Scheduled

from flows.steps.cluster import ClusterGoneError
from flows.steps.troubles import TroubledSource
from warehouse.errors import DiskFullError, LockedError
from warehouse.runs import RecordedRun, stored_runs
from warehouse.sources import stored_silences
from warehouse.watched import stored_failures
from warehouse.workspace import Workspace, explained_disk_errors, write_atomically

STALE = timedelta(days=2)
"""A warehouse whose last ingest began longer ago is not kept up: the schedule is daily."""

BY_HAND = frozenset({"add-commentary", "backfill-commentary"})
"""Flows that a person starts and sees end: that the last of one failed is no fault of the machine."""

LATE = timedelta(minutes=15)
"""A scheduled run that should have begun so long ago waits for a worker that is not there."""

LEAST_FREE_BYTES = 2_000_000_000
"""Room for some snapshots: each publication needs as much as the snapshot has, until the old one goes."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """Bytes: free on the disk, and taken by the published snapshot, the working database, the raw store with its
    journal, and Prefect's own databases and logs here."""

    free: int
    published: int
    database: int
    raw: int
    prefect: int = 0


@dataclass(frozen=True, slots=True)
class Schedule:
    """What the Prefect server says of the next run; `problem` where it cannot be asked."""

    name: str | None = None
    at: datetime | None = None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """All that the verdict is made of. `holder` says who is running now, if anybody is; `runs` has the latest first."""

    now: datetime
    home: str
    holder: str | None
    runs: tuple[RecordedRun, ...]
    schedule: Schedule | None
    source_states: tuple[str, ...]
    troubled: tuple[TroubledSource, ...]
    failures: tuple[str, ...]
    articles: int
    sizes: Sizes


def faults(look: Look) -> tuple[str, ...]:
    """What is not well, each in a few words; empty where all is."""
    return (*_faults_of_runs(look), *_faults_of_schedule(look), *_faults_of_sources(look), *_faults_of_disk(look))


def lines(look: Look) -> tuple[str, ...]:
    """At most ten lines, the verdict first."""
    found = faults(look)
    sizes = look.sizes
    taken = (
        (sizes.published, "published"),
        (sizes.database, "database"),
        (sizes.raw, "raw store"),
        (sizes.prefect, "Prefect"),
    )
    return (
        f"NOT WELL: {'; '.join(found)}" if found else "All is well.",
        f"last run   {_last_run(look)}",
        f"next run   {_next_run(look.schedule)}",
        f"sources    {_counted(look.source_states) or 'none was asked yet'}",
        f"failures   {_counted(look.failures) or 'none'}",
        f"articles   {look.articles}",
        f"disk       {_size(sizes.free)} free at {look.home}",
        f"size       {', '.join(f'{_size(size)} {what}' for size, what in taken)}",
    )


def _faults_of_runs(look: Look) -> list[str]:
    if not look.runs:
        return [] if look.holder else ["nothing was run yet"]
    latest: dict[str, RecordedRun] = {}
    for run in look.runs:
        if run.flow not in BY_HAND and not (run.state == "running" and look.holder):
            latest.setdefault(run.flow, run)
    bad = [f"{run.flow} {_state(run)} on {run.started_at:%Y-%m-%d %H:%M}" for run in latest.values() if _is_bad(run)]
    began = max((run.started_at for run in look.runs if run.flow == "ingest-commentary"), default=None)
    if began is None or look.now - began > STALE:
        bad.append(f"nothing was ingested since {began:%Y-%m-%d}" if began else "nothing was ingested yet")
    return bad


def _faults_of_schedule(look: Look) -> list[str]:
    if look.schedule is None:
        return []
    if look.schedule.problem:
        return [look.schedule.problem]
    if look.schedule.at is None:
        return ["no run is scheduled"]
    if look.now - look.schedule.at > LATE:
        return [f"{look.schedule.name} is late since {look.schedule.at:%Y-%m-%d %H:%M}: is a worker running?"]
    return []


def _faults_of_sources(look: Look) -> list[str]:
    if look.source_states and set(look.source_states) == {"unreachable"}:
        return ["no source could be reached"]
    broken = [trouble.source_id for trouble in look.troubled if trouble.trouble == "broken"]
    return [f"{len(broken)} broken sources ({', '.join(broken[:4])}{', ...' if broken[4:] else ''})"] if broken else []


def _faults_of_disk(look: Look) -> list[str]:
    needed = max(LEAST_FREE_BYTES, 2 * look.sizes.published)
    low = [f"only {_size(look.sizes.free)} free on the disk, {_size(needed)} are needed"]
    return low if look.sizes.free < needed else []


def _last_run(look: Look) -> str:
    if look.holder:
        return f"is going on ({look.holder})"
    if not look.runs:
        return "none"
    run = look.runs[0]
    did = f"{run.ingested} new, {run.updated} updated, {run.unchanged} unchanged, {run.failed} failed"
    return f"{run.flow} {_state(run)}, {run.started_at:%Y-%m-%d %H:%M} UTC: {did}"


def _next_run(schedule: Schedule | None) -> str:
    if schedule is None:
        return "not known here: PREFECT_API_URL names no server"
    if schedule.at is None:
        return schedule.problem or "none is scheduled"
    return f"{schedule.name}, {schedule.at:%Y-%m-%d %H:%M} UTC"


def _state(run: RecordedRun) -> str:
    return "crashed" if run.state == "running" else run.state  # nobody holds the lock, so it was killed


def _is_bad(run: RecordedRun) -> bool:
    return _state(run) in {"failed", "crashed"}


def _counted(names: Iterable[str]) -> str:
    return ", ".join(f"{number} {name}" for name, number in Counter(names).most_common())


def _size(number: int) -> str:
    for unit, step in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if number >= step:
            return f"{number / step:.1f} {unit}"
    return f"{number} bytes"


WAIT = timedelta(minutes=5)
SECOND_TRY = "second-try"
"""The tag of runs that are a second try."""


def next_run(tag: str) -> Schedule:
    """The run that is due next, or overdue, of the deployments with this tag; asks the server that is configured."""
    wanted = FlowRunFilter(
        tags=FlowRunFilterTags(all_=[tag]),
        state=FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.SCHEDULED])),
    )
    try:
        with get_client(sync_client=True) as client:
            found = client.read_flow_runs(flow_run_filter=wanted, sort=FlowRunSort.EXPECTED_START_TIME_ASC, limit=1)
            if not found:
                return Schedule()
            at = found[0].expected_start_time or found[0].next_scheduled_start_time
            return Schedule(client.read_flow(found[0].flow_id).name, at)
    except Exception as error:  # whatever it is, it keeps the server from answering
        return Schedule(problem=f"the Prefect server does not answer ({type(error).__name__})")


def helps_to_try_again(error: BaseException) -> bool:
    """Whether the same run may well succeed a little later, with nobody having mended anything in our files."""
    return isinstance(error, DiskFullError | LockedError | PrefectHTTPStatusError | ClusterGoneError)


def try_again_later(error: BaseException, now: datetime) -> str:
    """Schedule a second try of the present run where that may help; what to add to its message, or nothing.

    Only a run of a deployment can be tried again by the server; at the command line a person does it.
    """
    context = FlowRunContext.get()
    run = context.flow_run if context else None
    if not helps_to_try_again(error) or run is None or run.deployment_id is None or SECOND_TRY in run.tags:
        return ""
    at = now + WAIT
    try:
        with get_client(sync_client=True) as client:
            client.create_flow_run_from_deployment(
                run.deployment_id,
                parameters=run.parameters,
                state=Scheduled(scheduled_time=at),
                tags=[*run.tags, SECOND_TRY],
                idempotency_key=f"{SECOND_TRY} {run.id}",
            )
    except Exception as problem:  # the run's own error is what counts
        get_run_logger().warning("No second try could be scheduled: %s", problem)
        return ""
    return f" (tried again at {at:%H:%M} UTC)"


_RUNS = 200
_COUNTS = ("found", "fetched", "unchanged", "ingested", "updated", "not_similar", "failed")


def sizes_of(workspace: Workspace) -> Sizes:
    """What a warehouse takes on its disk, and what is free there."""
    published, database = (
        path.stat().st_size if path.exists() else 0 for path in (workspace.published, workspace.database)
    )
    prefect = _below(workspace.work / "prefect") + _below(workspace.work / "server")
    return Sizes(shutil.disk_usage(workspace.home).free, published, database, _below(workspace.raw), prefect)


def _below(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def write_metrics(path: Path, connection: DuckDBPyConnection, workspace: Workspace) -> None:
    """Write the file, so that it appears whole or not at all.

    Raises:
        WarehouseError: it cannot be written.
    """
    text = "\n".join(_lines(connection, workspace)) + "\n"
    with explained_disk_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, text.encode())
        path.chmod(0o644)  # another user's exporter reads it


def _lines(connection: DuckDBPyConnection, workspace: Workspace) -> Iterator[str]:
    latest: dict[str, RecordedRun] = {}
    for run in stored_runs(connection, _RUNS):
        if run.finished_at is not None:
            latest.setdefault(run.flow, run)
    yield from _gauge(
        "commentary_run_finished_timestamp_seconds",
        "When the last run of a flow ended.",
        {f'flow="{flow}"': run.finished_at.timestamp() for flow, run in latest.items() if run.finished_at},
    )
    yield from _gauge(
        "commentary_run_duration_seconds",
        "How long it took.",
        {
            f'flow="{flow}"': (run.finished_at - run.started_at).total_seconds()
            for flow, run in latest.items()
            if run.finished_at
        },
    )
    yield from _gauge(
        "commentary_run_succeeded",
        "1 where it did its job, else 0.",
        {f'flow="{flow}"': int(run.state == "completed") for flow, run in latest.items()},
    )
    yield from _gauge(
        "commentary_run_items",
        "What it did, in articles, pages or addresses.",
        {f'flow="{flow}",what="{name}"': getattr(run, name) for flow, run in latest.items() for name in _COUNTS},
    )
    yield from _standing(connection, workspace)


def _standing(connection: DuckDBPyConnection, workspace: Workspace) -> Iterator[str]:
    """What holds whichever run was the last."""
    found = connection.execute("SELECT count(*) FROM articles").fetchone()
    yield from _gauge("commentary_articles", "Articles in the warehouse.", {"": found[0] if found else 0})
    states = Counter(source.status for source in stored_silences(connection))
    yield from _gauge(
        "commentary_sources",
        "Watched sources by how their last check went.",
        {f'status="{name}"': number for name, number in states.items()},
    )
    stages = Counter(failure.stage for failure in stored_failures(connection))
    yield from _gauge(
        "commentary_failures",
        "What failed and has not succeeded since.",
        {f'stage="{n}"': c for n, c in stages.items()},
    )
    sizes = sizes_of(workspace)
    taken = {"published": sizes.published, "database": sizes.database, "raw": sizes.raw, "prefect": sizes.prefect}
    yield from _gauge(
        "commentary_size_bytes", "What is taken on the disk.", {f'what="{name}"': size for name, size in taken.items()}
    )
    yield from _gauge("commentary_disk_free_bytes", "What is free on the disk.", {"": sizes.free})


def _gauge(name: str, told: str, values: dict[str, float]) -> Iterator[str]:
    yield f"# HELP {name} {told}"
    yield f"# TYPE {name} gauge"
    for labels, value in values.items():
        shown = f"{{{labels}}}" if labels else ""
        yield f"{name}{shown} {_number(value)}"


def _number(value: float) -> str:
    return str(int(value)) if float(value).is_integer() else repr(float(value))
