"""`commentary rebuild`: make a damaged database anew."""

import sys

import click

from flows.cli.ingest import print_summary
from flows.prefect_env import prepare_environment
from flows.reporting.progress import terminal
from flows.settings import settings
from warehouse.workspace import Workspace


@click.command()
@click.option("--verbose", is_flag=True, help="Print the log of the run as well.")
def rebuild(verbose: bool) -> None:
    """Make the pipeline's database anew from the published one and the stored bytes; the damaged file is kept."""
    Workspace(settings().home).prepare()
    prepare_environment(settings().home, verbose=verbose)
    from flows.rebuild import rebuild_commentary  # noqa: PLC0415  Prefect reads the environment on import
    from flows.running import run_flow  # noqa: PLC0415  likewise

    with terminal() as listener:
        report, ok = run_flow(rebuild_commentary, listener)
    print_summary(report)
    if not ok:
        sys.exit(1)
