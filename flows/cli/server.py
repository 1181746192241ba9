"""`commentary server`: a local Prefect server with worker and deployments, for trying out."""

import signal
import time
from types import FrameType

import click

from flows.local_server import LocalServer
from flows.settings import place_here, settings


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
