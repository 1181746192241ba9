"""`commentary server`: a local Prefect server with worker and deployments, for trying out."""

import time
from pathlib import Path

import click

from flows.errors import UserError
from flows.local_server import LocalServer
from flows.settings import settings
from warehouse.workspace import Workspace


@click.command()
@click.option("--port", default=4200, show_default=True, help="Port of the server on 127.0.0.1.")
def server(port: int) -> None:
    """Start a Prefect server, work pool, worker and the deployments, until Ctrl-C."""
    project = Path.cwd()
    if not (project / "prefect.yaml").is_file():
        raise UserError(f"{project} has no prefect.yaml", "run it in the project's folder")
    workspace = Workspace(settings().home)
    workspace.prepare()
    click.echo("Starting a Prefect server (half a minute the first time) ...")
    with LocalServer(project, workspace.work / "server", port) as running:
        click.echo("Creating the work pool, the deployments and the automations ...")
        running.set_up()
        running.start_worker()
        click.echo(f"Ready: {running.url}/deployments")
        click.echo(
            f"Run now: PREFECT_API_URL={running.url}/api .venv/bin/prefect deployment run ingest-commentary/daily"
        )
        click.echo(f"Logs: {workspace.work / 'server'}. Ctrl-C ends the server and its worker.")
        try:
            while True:
                time.sleep(3600)
        except KeyboardInterrupt:
            click.echo("Stopping ...")
