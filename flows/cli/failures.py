"""`commentary failures`: what could not be fetched, read or loaded."""

import click

from flows.settings import settings
from warehouse.connection import open_snapshot
from warehouse.failures import ToldFailure, told_failures
from warehouse.workspace import Workspace


@click.command()
def failures() -> None:
    """List what could not be fetched, read or loaded: stage, reason, whole address, attempts, next try."""
    with open_snapshot(Workspace(settings().home)) as connection:
        found = told_failures(connection)
    if not found:
        click.echo("Nothing failed that has not succeeded since.")
        return
    for failure in found:
        click.echo(f"{failure.stage}: {failure.error_type}: {failure.url}")
        times = "once" if failure.attempts == 1 else f"{failure.attempts} times"
        click.echo(f"    {times}, last {failure.last_at:%Y-%m-%d %H:%M}, next try: {_next_try(failure)}")
        click.echo(f"    {failure.message}")
    click.echo(f"{len(found)} failure{'' if len(found) == 1 else 's'}; times are UTC")


def _next_try(failure: ToldFailure) -> str:
    if failure.resting:
        return "rests, its source is switched off"
    if failure.next_try_at is None:
        return "never"
    return "next run" if failure.next_try_at <= failure.last_at else f"{failure.next_try_at:%Y-%m-%d %H:%M}"
