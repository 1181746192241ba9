"""`commentary sources`: the sources with their last result; `check` asks all, `purge` forgets what rests of one."""

from pathlib import Path

import click

from extractors.web.model import Source, SourceState
from extractors.web.sources import load_sources
from flows.cli.ingest import end_with, print_summary
from flows.cli.overrule import warehouse_held
from flows.cli.sql import print_table
from flows.errors import UserError
from flows.prefect_env import prepare_environment
from flows.reporting.progress import terminal
from flows.settings import settings
from warehouse.connection import open_snapshot
from warehouse.sources import RestingSource, load_resting, load_source_states, purge_source
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


@sources.command()
@click.argument("source_id")
def purge(source_id: str) -> None:
    """Forget what rests of SOURCE_ID, which is switched off or left the file; its articles stay."""
    with warehouse_held() as connection:
        if source_id not in {source.source_id for source in load_resting(connection)}:
            raise UserError(
                f"no source {source_id!r} rests",
                "switch it off (enabled = false) or take it out of the file, and let a run see it; "
                "`commentary sources` lists what rests",
            )
        forgotten = purge_source(connection, source_id)
    click.echo(f"Forgotten of {source_id}: " + ", ".join(f"{number} {what}" for what, number in forgotten.items()))


def _print_sources(path: Path) -> None:
    states: dict[str, SourceState] = {}
    resting: tuple[RestingSource, ...] = ()
    workspace = Workspace(settings().home)
    if workspace.published.exists():
        with open_snapshot(workspace) as connection:
            states = {state.source_id: state for state in load_source_states(connection)}
            resting = load_resting(connection)
    watched = load_sources(path)
    rests = {source.source_id: source for source in resting}
    rows = [_row(source, states.get(source.source_id), rests.get(source.source_id)) for source in watched]
    gone = [source for source in resting if source.source_id not in {one.source_id for one in watched}]
    rows += [(one.source_id, one.name, one.sector or "", "gone", "left the file", "", _rests(one)) for one in gone]
    print_table(["source", "name", "sector", "", "last result", "asked", "detail"], rows)


def _row(source: Source, state: SourceState | None, rests: RestingSource | None) -> tuple[str, ...]:
    detail = state.detail if state else source.address
    return (
        source.source_id,
        source.name,
        source.sector,
        "on" if source.enabled else "off",
        state.status if state else "not asked yet",
        f"{state.probed_at:%Y-%m-%d %H:%M}" if state and state.probed_at else "",
        _rests(rests) if rests is not None and not source.enabled else detail,
    )


def _rests(source: RestingSource) -> str:
    """What is not asked for, and how to forget it."""
    if not source.candidates + source.pages:
        return "nothing rests"
    told = f"{source.candidates} addresses to fetch and {source.pages} pages to read again rest"
    return f"{told}; `commentary sources purge {source.source_id}` forgets them"
