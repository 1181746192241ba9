"""`commentary deploy`: set up a Prefect server for this project."""

import os

import click

from flows.errors import UserError
from flows.settings import place_here, settings


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
