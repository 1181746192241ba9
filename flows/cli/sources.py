"""`commentary sources`: the sources with their last result; `check` asks them all."""

from pathlib import Path

import click

from extractors.web.sources import load_sources
from flows.cli.ingest import end_with, print_summary
from flows.cli.sql import print_table
from flows.prefect_env import prepare_environment
from flows.reporting.progress import terminal
from flows.settings import settings
from warehouse.connection import open_snapshot
from warehouse.sources import load_source_states
from warehouse.workspace import Workspace


@click.group(invoke_without_command=True)
@click.option("--sources", "path", type=click.Path(path_type=Path, dir_okay=False), help="TOML file of the sources.")
@click.pass_context
def sources(context: click.Context, path: Path | None) -> None:
    """List the watched sources with their last result."""
    context.obj = path or settings().sources
    if context.invoked_subcommand is None:
        _print_sources(context.obj)


@sources.command()
@click.option("--verbose", is_flag=True, help="Print the log of the run as well.")
@click.pass_obj
def check(path: Path, verbose: bool) -> None:
    """Ask every source for its feeds, sitemaps and listings; no article is fetched."""
    load_sources(path)  # an error in the file is the user's, before anything starts
    Workspace(settings().home).prepare()
    prepare_environment(settings().home, verbose=verbose)
    from flows.check_sources import check_sources  # noqa: PLC0415  Prefect reads the environment on import
    from flows.running import run_flow  # noqa: PLC0415  likewise

    with terminal() as listener:
        report, ok = run_flow(check_sources, listener, sources=path)
    print_table(["source", "state", "detail"], report.sources)
    print_summary(report)
    end_with(report, ok=ok)


def _print_sources(path: Path) -> None:
    states = {}
    workspace = Workspace(settings().home)
    if workspace.published.exists():
        with open_snapshot(workspace) as connection:
            states = {state.source_id: state for state in load_source_states(connection)}
    rows = []
    for source in load_sources(path):
        state = states.get(source.source_id)
        told = state.status if state else "not asked yet"
        asked = f"{state.probed_at:%Y-%m-%d %H:%M}" if state and state.probed_at else ""
        rows.append(
            (
                source.source_id,
                source.name,
                source.sector,
                "on" if source.enabled else "off",
                told,
                asked,
                state.detail if state else source.address,
            )
        )
    print_table(["source", "name", "sector", "", "last result", "asked", "detail"], rows)
