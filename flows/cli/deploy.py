"""`commentary deploy`: set up a Prefect server for this project."""

import os
from pathlib import Path

import click

from flows.deploying import POOL, prefect_command, set_up
from flows.errors import UserError


@click.command()
def deploy() -> None:
    """Create the work pool, deployments and automations on the server of PREFECT_API_URL, or bring them up to date."""
    project = Path.cwd()
    if not (project / "prefect.yaml").is_file():
        raise UserError(f"{project} has no prefect.yaml", "run it in the project's folder")
    if "PREFECT_API_URL" not in os.environ:
        raise UserError(
            "PREFECT_API_URL is not set", "name your server: export PREFECT_API_URL=http://127.0.0.1:4200/api"
        )
    set_up(prefect_command(project))
    click.echo(f"Set up. Next: .venv/bin/prefect worker start --pool {POOL}")
