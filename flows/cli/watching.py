"""`commentary sources`, `failures`, `accept` and `reject`: what is watched, what failed, and the operator's word."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from duckdb import DuckDBPyConnection

from extractors.web.address import BadAddressError, canonical, fetchable
from extractors.web.model import Source, SourceState
from extractors.web.sources import read_sources
from flows.cli.printing import print_table
from flows.cli.running import end_with, print_summary
from flows.reporting import terminal
from flows.run import utc_now
from flows.server import prepare_environment
from flows.settings import UserError, settings
from warehouse.database import open_snapshot, open_warehouse
from warehouse.publish import publish
from warehouse.raw_store import journal_of
from warehouse.sources import RestingSource, purge_source, stored_resting, stored_source_states
from warehouse.watched import ToldFailure, told_failures
from warehouse.watched import accept as accept_page
from warehouse.watched import reject as reject_page
from warehouse.workspace import Workspace, exclusive


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
    read_sources(path)  # an error in the file is the user's, before anything starts
    Workspace(settings().home).prepare()
    prepare_environment(settings().home, verbose=verbose)
    from flows.check_sources import check_sources  # noqa: PLC0415  Prefect reads the environment on import
    from flows.life import run_flow  # noqa: PLC0415  likewise

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
        if source_id not in {source.source_id for source in stored_resting(connection)}:
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
            states = {state.source_id: state for state in stored_source_states(connection)}
            resting = stored_resting(connection)
    watched = read_sources(path)
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


_TOLD = {
    "loaded": "It is an article already.",
    "stored": "Its bytes are kept: the next run loads it.",
    "to_fetch": "The next run fetches and loads it.",
}


@click.command()
@click.argument("url")
def accept(url: str) -> None:
    """Load the page at URL whatever the judgement of its relevance says."""
    identity, address = _addresses(url)
    with warehouse_held() as connection:
        journal_of(Workspace(settings().home)).append_rows(
            {"rulings": [{"url": identity, "fetch_url": address, "ruling": "accept"}]}
        )
        told = accept_page(connection, identity, address, utc_now())
    click.echo(f"Accepted {identity}. {_TOLD[told]}")


@click.command()
@click.argument("url")
def reject(url: str) -> None:
    """Keep the page at URL out; if it is an article, withdraw it. `accept` takes that back."""
    identity, address = _addresses(url)
    with warehouse_held() as connection:
        journal_of(Workspace(settings().home)).append_rows(
            {"rulings": [{"url": identity, "fetch_url": address, "ruling": "reject"}]}
        )
        try:
            article_id = reject_page(connection, identity, utc_now())
        except KeyError:
            raise UserError(
                f"{identity} is neither an article nor a candidate",
                "`commentary sql` on candidates tells what is known",
            ) from None
    withdrawn = f"Article {article_id} is withdrawn." if article_id else "It was no article."
    click.echo(f"Rejected {identity}. {withdrawn}")


def _addresses(url: str) -> tuple[str, str]:
    if url.startswith("file:"):  # a file that was added
        return url, url
    try:
        return canonical(url), fetchable(url)
    except BadAddressError as error:
        raise click.BadParameter(str(error), param_hint="URL") from error


@contextmanager
def warehouse_held() -> Iterator[DuckDBPyConnection]:
    """The pipeline's database, held and published afterwards."""
    workspace = Workspace(settings().home)
    workspace.prepare()
    with exclusive(workspace, settings().lock_wait):
        connection = open_warehouse(workspace, settings().memory_limit)
        try:
            yield connection
        finally:
            connection.close()
        publish(workspace, utc_now(), settings().memory_limit)
