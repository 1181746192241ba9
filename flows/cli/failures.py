"""`commentary failures`: what could not be fetched, read or loaded."""

import click

from extractors.web.model import FailureState
from flows.cli.sql import print_table
from flows.settings import settings
from warehouse.connection import open_snapshot
from warehouse.failures import load_failures
from warehouse.workspace import Workspace


@click.command()
def failures() -> None:
    """List what could not be fetched, read or loaded: stage, reason, attempts, next try."""
    with open_snapshot(Workspace(settings().home)) as connection:
        found = load_failures(connection)
    if not found:
        click.echo("Nothing failed that has not succeeded since.")
        return
    print_table(
        ["stage", "what", "reason", "attempts", "last", "next try", "message"],
        [
            (
                failure.stage,
                failure.url,
                failure.error_type,
                failure.attempts,
                f"{failure.last_at:%Y-%m-%d %H:%M}",
                _next_try(failure),
                failure.message,
            )
            for failure in found
        ],
    )


def _next_try(failure: FailureState) -> str:
    if failure.next_try_at is None:
        return "never"
    return "next run" if failure.next_try_at <= failure.last_at else f"{failure.next_try_at:%Y-%m-%d %H:%M}"
