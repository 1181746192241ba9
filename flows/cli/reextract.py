"""`commentary reextract`: code the stored bytes anew."""

import sys
from datetime import datetime

import click

from flows.cli.ingest import print_summary
from flows.prefect_env import prepare_environment
from flows.reporting.progress import terminal
from flows.settings import settings
from warehouse.workspace import Workspace


@click.command()
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Only articles fetched on this day or later.")
@click.option("--verbose", is_flag=True, help="Print the log of the run as well.")
def reextract(since: datetime | None, verbose: bool) -> None:
    """Code anew what other extractors or another codebook coded, from the stored bytes."""
    Workspace(settings().home).prepare()
    prepare_environment(settings().home, verbose=verbose)
    from flows.reextract import reextract_commentary  # noqa: PLC0415  Prefect reads the environment on import
    from flows.running import run_flow  # noqa: PLC0415  likewise

    with terminal() as listener:
        report, ok = run_flow(reextract_commentary, listener, since=since.date() if since else None)
    print_summary(report)
    if not ok:
        sys.exit(1)
