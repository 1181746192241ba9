"""`commentary deploy`, `serve`, `server` and `status`: the pipeline on a Prefect server, and whether all is well."""

import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from types import FrameType

import click
from duckdb import DuckDBPyConnection

from flows.run import utc_now
from flows.server import HEARTBEATS, LocalServer, prepare_environment
from flows.settings import UserError, place_here, settings
from flows.status import Look, Schedule, faults, lines, next_run, sizes_of
from flows.steps.troubles import troubled
from warehouse.database import open_for_a_look, open_snapshot
from warehouse.errors import LockedError
from warehouse.runs import stored_runs
from warehouse.sources import stored_silences
from warehouse.watched import stored_failures
from warehouse.workspace import Workspace, looked_at


@click.command()
@click.option("--take-over", is_flag=True, help="Let this warehouse follow the one that has the name on the server.")
def deploy(take_over: bool) -> None:
    """Create the work pool, deployments and automations on the server of PREFECT_API_URL, or bring them up to date."""
    place = place_here()
    if "PREFECT_API_URL" not in os.environ:
        raise UserError(
            "PREFECT_API_URL is not set", "name your server: export PREFECT_API_URL=http://127.0.0.1:4200/api"
        )
    click.echo(f"Setting up {place.name!r} on {os.environ['PREFECT_API_URL']} ...")
    from flows.deploying import set_up  # noqa: PLC0415  Prefect takes seconds to import

    set_up(place, notify=settings().notify, take_over=take_over, tell=lambda step: click.echo(f"  {step}"))
    click.echo(f"Set up. Next: .venv/bin/prefect worker start --pool {place.name}")


@click.command()
def serve() -> None:
    """Serve the flows on their schedules from this process: the simplest set-up, no work pool or worker.

    It needs a Prefect server: PREFECT_API_URL, or a profile that names one.
    """
    for name, value in HEARTBEATS.items():
        os.environ.setdefault(name, value)
    prepare_environment(settings().home)
    from flows.deploying import serve_all, server_is_configured  # noqa: PLC0415  Prefect reads the environment on import

    if not server_is_configured():
        raise UserError(
            "no Prefect server is configured, and schedules need one that stays",
            "start one with `prefect server start` and set PREFECT_API_URL=http://127.0.0.1:4200/api",
        )
    serve_all(place_here(), settings().notify, click.echo)


@click.command()
@click.option("--port", default=4200, show_default=True, help="Port of the server on 127.0.0.1.")
def server(port: int) -> None:
    """Start a Prefect server, work pool, worker and the deployments, until Ctrl-C or SIGTERM."""
    place = place_here()
    place.workspace.prepare()
    signal.signal(signal.SIGTERM, _interrupt)
    state = place.workspace.work / "server"
    try:
        click.echo("Starting a Prefect server (half a minute the first time) ...")
        with LocalServer(place.project, state, port) as running:
            running.set_up(place, settings().notify, lambda step: click.echo(f"  {step}"))
            running.start_worker(place.name)
            click.echo(f"Ready: {running.url}/deployments")
            daily = f"ingest-commentary/{place.name}-daily"
            click.echo(f"Run now: PREFECT_API_URL={running.url}/api .venv/bin/prefect deployment run {daily}")
            click.echo(f"Logs: {state}. Ctrl-C ends the server and its worker.")
            while True:
                time.sleep(3600)
    except KeyboardInterrupt:
        click.echo("Stopped.")


def _interrupt(number: int, frame: FrameType | None) -> None:
    """End as with Ctrl-C, so that the server and its worker are ended too."""
    raise KeyboardInterrupt


LATEST_RUNS = 100


@click.command()
def status() -> None:
    """Tell whether all is well: last and next run, sources, failures, disk. Exit code 0 if it is, else 1."""
    look = look_at(settings().workspace, settings().server_name)
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
    if workspace.lake is None and not workspace.database.exists() and not workspace.published.exists():
        raise UserError(
            f"there is no warehouse at {workspace.home} yet", "run `commentary ingest`, or set COMMENTARY_HOME"
        )
    with _open(workspace) as (connection, holder):
        now = utc_now()
        silences = stored_silences(connection)
        articles = connection.execute("SELECT count(*) FROM articles").fetchone()
        return Look(
            now=now,
            home=str(workspace.home.absolute()),
            holder=holder,
            runs=stored_runs(connection, LATEST_RUNS),
            schedule=_schedule(f"warehouse-{name}"),
            source_states=tuple(source.status for source in silences),
            troubled=troubled(silences, now, settings().quiet_days),
            failures=tuple(failure.stage for failure in stored_failures(connection)),
            articles=articles[0] if articles else 0,
            sizes=sizes_of(workspace),
        )


@contextmanager
def _open(workspace: Workspace) -> Iterator[tuple[DuckDBPyConnection, str | None]]:
    """The working database where no run is going on, else the published snapshot; and who is running.

    The lock is shared while the database is open: a run that begins meanwhile waits for a moment, and nothing is lost.
    """
    with ExitStack() as held:
        holder = None
        try:
            held.enter_context(looked_at(workspace))
        except LockedError as locked:
            holder = f"process {locked.holder_pid}"
        free = holder is None and (workspace.lake is not None or workspace.database.exists())
        yield held.enter_context(closing(open_for_a_look(workspace) if free else open_snapshot(workspace))), holder


def _schedule(tag: str) -> Schedule | None:
    """The next run that the Prefect server plans; None where the environment names no server."""
    if "PREFECT_API_URL" not in os.environ:
        return None

    return next_run(tag)
