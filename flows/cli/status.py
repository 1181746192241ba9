"""`commentary status`: whether all is well, in ten lines and by the exit code."""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager

import click
from duckdb import DuckDBPyConnection

from flows.errors import UserError
from flows.run import utc_now
from flows.settings import settings
from flows.stages.health import troubled
from flows.status import Look, Schedule, Sizes, faults, lines
from warehouse.connection import open_for_a_look, open_snapshot
from warehouse.errors import LockedError
from warehouse.failures import load_failures
from warehouse.lock import exclusive
from warehouse.runs import load_runs
from warehouse.sources import load_silences
from warehouse.workspace import Workspace

LATEST_RUNS = 100


@click.command()
def status() -> None:
    """Tell whether all is well: last and next run, sources, failures, disk. Exit code 0 if it is, else 1."""
    look = look_at(Workspace(settings().home), settings().server_name)
    for line in lines(look):
        click.echo(line)
    if faults(look):
        sys.exit(1)


def look_at(workspace: Workspace, name: str) -> Look:
    """Look at a warehouse and at what its Prefect server plans for it.

    Raises:
        UserError: there is no warehouse yet.
        WarehouseError: its database cannot be opened.
    """
    if not workspace.database.exists() and not workspace.published.exists():
        raise UserError(
            f"there is no warehouse at {workspace.home} yet", "run `commentary ingest`, or set COMMENTARY_HOME"
        )
    with _open(workspace) as (connection, holder):
        now = utc_now()
        silences = load_silences(connection)
        articles = connection.execute("SELECT count(*) FROM articles").fetchone()
        return Look(
            now=now,
            home=str(workspace.home.absolute()),
            holder=holder,
            runs=load_runs(connection, LATEST_RUNS),
            schedule=_schedule(f"warehouse-{name}"),
            source_states=tuple(source.status for source in silences),
            troubled=troubled(silences, now, settings().quiet_days),
            failures=tuple(failure.stage for failure in load_failures(connection)),
            articles=articles[0] if articles else 0,
            sizes=_sizes(workspace),
        )


@contextmanager
def _open(workspace: Workspace) -> Iterator[tuple[DuckDBPyConnection, str | None]]:
    """The working database where no run is going on, else the published snapshot; and who is running.

    The lock is held while the database is open: a run that begins meanwhile waits for a moment, and nothing is lost.
    """
    with ExitStack() as held:
        holder = None
        try:
            held.enter_context(exclusive(workspace))
        except LockedError as locked:
            holder = f"process {locked.holder_pid}"
        free = holder is None and workspace.database.exists()
        yield held.enter_context(closing(open_for_a_look(workspace) if free else open_snapshot(workspace))), holder


def _schedule(tag: str) -> Schedule | None:
    """The next run that the Prefect server plans; None where the environment names no server."""
    if "PREFECT_API_URL" not in os.environ:
        return None
    from flows.coming_runs import next_run  # noqa: PLC0415  Prefect takes seconds to import

    return next_run(tag)


def _sizes(workspace: Workspace) -> Sizes:
    raw = sum(path.stat().st_size for path in workspace.raw.rglob("*") if path.is_file())
    published, database = (
        path.stat().st_size if path.exists() else 0 for path in (workspace.published, workspace.database)
    )
    return Sizes(shutil.disk_usage(workspace.home).free, published, database, raw)
