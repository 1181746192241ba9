"""What a run leaves for monitors: sizes, and a file in the text format of Prometheus."""

import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from duckdb import DuckDBPyConnection

from warehouse.runs import RecordedRun, stored_runs
from warehouse.sources import stored_silences
from warehouse.watched import stored_failures
from warehouse.workspace import Workspace, explained_disk_errors, write_atomically

_RUNS = 200
_COUNTS = ("found", "fetched", "unchanged", "ingested", "updated", "not_similar", "failed")


@dataclass(frozen=True, slots=True)
class Sizes:
    """Bytes: free on the disk, and taken by the published snapshot, the working database, the raw store with its
    journal, and Prefect's own databases and logs here."""

    free: int
    published: int
    database: int
    raw: int
    prefect: int = 0


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
