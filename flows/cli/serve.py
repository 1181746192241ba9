"""`commentary serve`: the deployments from this process, without a work pool."""

import os

import click

from flows.errors import UserError
from flows.prefect_env import HEARTBEATS, prepare_environment
from flows.settings import place_here, settings


@click.command()
def serve() -> None:
    """Serve the flows on their schedules from this process: the simplest set-up, no work pool or worker.

    It needs a Prefect server: PREFECT_API_URL, or a profile that names one.
    """
    for name, value in HEARTBEATS.items():
        os.environ.setdefault(name, value)
    prepare_environment(settings().home)
    from flows.serving import serve_all, server_is_configured  # noqa: PLC0415  Prefect reads the environment on import

    if not server_is_configured():
        raise UserError(
            "no Prefect server is configured, and schedules need one that stays",
            "start one with `prefect server start` and set PREFECT_API_URL=http://127.0.0.1:4200/api",
        )
    serve_all(place_here(), settings().notify, click.echo)
