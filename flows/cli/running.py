"""`commentary ingest`, `reextract`, `rebuild`, `backup`, `migrate-to` and the like: what writes to the warehouse."""

import sys
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from extractors.themes import read_codebook
from extractors.workers import begin_ahead
from flows.reporting import RunReport, skipped_lines, summary, terminal
from flows.run import utc_now
from flows.server import prepare_environment
from flows.settings import settings
from warehouse.backup import Contents, back_up
from warehouse.backup import restore as restore_warehouse
from warehouse.lake import keep_up as keep_up_of
from warehouse.lake import migrate_to as move_to
from warehouse.target import lake_at
from warehouse.workspace import exclusive

NOTHING_REACHED = 3
"""Exit code of a run that did its job but for the network: sources were asked, and nobody answered."""


@click.command()
@click.option("--seeds", type=click.Path(path_type=Path, file_okay=False), help="Folder of seed articles.")
@click.option("--sources", type=click.Path(path_type=Path, dir_okay=False), help="TOML file of the sources to watch.")
@click.option("--no-sources", is_flag=True, help="Read the seeds only; ask nothing of the network.")
@click.option("--limit", type=click.IntRange(min=0), help="Fetch at most this many new pages.")
@click.option("--verbose", is_flag=True, help="Print the log of the run as well.")
def ingest(seeds: Path | None, sources: Path | None, no_sources: bool, limit: int | None, verbose: bool) -> None:
    """Bring in the seed articles, then new similar commentary from the sources."""
    prepare(verbose=verbose)
    click.echo("Starting: a temporary Prefect server is used where none is configured (some seconds) ...", err=True)
    run_to_its_end(
        "flows.ingest:ingest_commentary", seeds=seeds, sources=sources, watch_sources=not no_sources, limit=limit
    )


@click.command()
@click.argument("what", nargs=-1, required=True, metavar="PATH_OR_URL...")
@click.option("--set", "set_name", default="Added by hand", show_default=True, help="Name of the set to add to.")
@click.option("--sector", help='What the publishers are, such as "law firm"; for analysts.')
@click.option("--verbose", is_flag=True, help="Print the log of the run as well.")
def add(what: tuple[str, ...], set_name: str, sector: str | None, verbose: bool) -> None:
    """Add files, folders with all below them, web archives (WARC), single addresses and lists of them.

    Files are .txt, .md, .html, .pdf and .docx; a .txt or .urls file of nothing but addresses is a list of pages to
    fetch. What you name is trusted: a file or an address is loaded whether it is
    similar to the seeds or not. The pages of a WARC file are judged like those of any site, and only similar ones
    become articles. Pages are fetched politely, and robots.txt is obeyed. The same again adds nothing twice, and a run
    that was killed is taken up where it stopped.
    """
    prepare(verbose=verbose)
    from flows.steps.adding import sort_out  # noqa: PLC0415  Prefect reads the environment when it is imported

    sort_out(what)  # what cannot be used is told before anything starts
    named = [one if "://" in one else str(Path(one).absolute()) for one in what]
    run_to_its_end("flows.ingest:add_commentary", what=named, set_name=set_name, sector=sector)


@click.command()
@click.argument("source")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="First day of publication.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Last day of publication.")
@click.option("--limit", type=click.IntRange(min=1), help="Fetch at most this many pages; the rest waits.")
@click.option("--verbose", is_flag=True, help="Print the log of the run as well.")
def backfill(source: str, since: datetime | None, until: datetime | None, limit: int | None, verbose: bool) -> None:
    """Go back through the archive of SOURCE: read its lists, then fetch and judge the articles that they lead to.

    It follows next pages, pages by number, archives by month, the API of WordPress and sitemaps, at the pace of
    `host_delay`, and tells first how long fetching will take. Ctrl-C and kills lose nothing: the same command goes on.
    An article that does not say when it was published is fetched whatever the days.
    """
    prepare(verbose=verbose)
    days = {name: day.date() if day else None for name, day in (("since", since), ("until", until))}
    run_to_its_end("flows.backfill:backfill_commentary", source=source, limit=limit, **days)


def prepare(*, verbose: bool) -> None:
    """Make the folders and the environment of a run ready; before any flow is imported, since Prefect reads it then."""
    settings().workspace.prepare()
    prepare_environment(settings().home, verbose=verbose)


def run_with_progress(flow: str, **parameters: Any) -> tuple[RunReport, bool]:  # noqa: ANN401
    """Run a flow, named as `module:function`, with its progress at the terminal; its report, and if it did its job."""
    from flows.life import run_flow  # noqa: PLC0415  Prefect reads the environment when it is imported
    from flows.steps.coding import WORKER_MODULES  # noqa: PLC0415  the same

    module, _, name = flow.partition(":")
    run = getattr(import_module(module), name)
    if not settings().codebook:
        read_codebook(meaning=settings().themes == "meaning")  # the workers find it read
    begin_ahead(WORKER_MODULES)  # before Prefect and the progress bar have threads
    with terminal() as listener:
        return run_flow(run, listener, **parameters)


def run_to_its_end(flow: str, **parameters: Any) -> None:  # noqa: ANN401
    """Run a flow as `run_with_progress` does, print what it did, and end with its exit code."""
    report, ok = run_with_progress(flow, **parameters)
    print_summary(report)
    end_with(report, ok=ok)


def end_with(report: RunReport, *, ok: bool) -> None:
    """End the process with the exit code of a run: 0, 1 where it failed, 3 where nothing could be reached."""
    if not ok or report.reached_nothing:
        sys.exit(NOTHING_REACHED if ok else 1)


def print_summary(report: RunReport) -> None:
    """What the run did as a table, then what to open and do next."""
    console = Console(soft_wrap=True)
    if report.articles:
        table = Table("", "article", "publisher", "published", "themes", "figures", header_style="bold")
        for line in report.articles[:40]:
            table.add_row(
                line.outcome,
                Text(line.title or line.url),
                Text(line.publisher or ""),
                str(line.published_on or ""),
                Text(", ".join(line.top_themes[:3])),
                str(len(line.figures)),
            )
        console.print(table)
        if len(report.articles) > 40:
            console.print(f"... and {len(report.articles) - 40} more")
    for fault in report.put_aside[:20]:
        about = "" if fault.url in fault.message or fault.stage != "fetch" else f"{fault.url}: "
        console.print(Text(f"failed ({fault.stage}): {about}{fault.message}", style="yellow"))
    if len(report.put_aside) > 20:
        console.print(f"... and {len(report.put_aside) - 20} more: commentary failures")
    for told in skipped_lines(report.skipped):
        console.print(Text(told))
    for note in report.notes:
        console.print(Text(note))
    if report.reached_nothing:
        console.print(Text("nothing could be reached: is there a network, is a proxy in between?", style="bold red"))
    for check in report.checks:
        console.print(Text(f"check does not hold: {check}", style="bold red"))
    console.print(Text(f"{report.flow}: {summary(report)}", style="bold"))
    _print_next(console, report)


def _print_next(console: Console, report: RunReport) -> None:
    if report.published is None:
        return
    state = "new snapshot" if report.republished else "nothing changed, the snapshot stays"
    console.print(Text(f"Open: {report.where} ({state})"))
    console.print('Next: .venv/bin/commentary sql "select * from v_evidence limit 5"', markup=False, highlight=False)


@click.command()
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Only articles fetched on this day or later.")
@click.option("--verbose", is_flag=True, help="Print the log of the run as well.")
def reextract(since: datetime | None, verbose: bool) -> None:
    """Code anew what other extractors or another codebook coded, from the stored bytes."""
    prepare(verbose=verbose)
    run_to_its_end("flows.reextract:reextract_commentary", since=since.date() if since else None)


@click.command()
@click.option("--verbose", is_flag=True, help="Print the log of the run as well.")
def rebuild(verbose: bool) -> None:
    """Make the pipeline's database anew from the published one and the stored bytes; the damaged file is kept."""
    prepare(verbose=verbose)
    run_to_its_end("flows.reextract:rebuild_commentary")


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Back the warehouse up into FILE, also while a run goes on: what is published, was fetched or is your own."""
    contents = back_up(settings().workspace, file, utc_now())
    click.echo(f"Backed up {_told(contents)} into {file} ({file.stat().st_size / 1e6:.1f} MB).")


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def restore(file: Path) -> None:
    """Restore the warehouse of FILE into an empty folder (data/, or COMMENTARY_HOME); the next run goes on from it."""
    contents = restore_warehouse(settings().workspace, file)
    click.echo(f"Restored {_told(contents)} of {contents.made_at[:16]} UTC into {settings().home}.")
    click.echo("Next: `commentary ingest` makes the pipeline's database from it and goes on.")


@click.command(name="migrate-to")
@click.argument("target")
@click.option("--data-path", default="", help="Folder or s3:// address of the lake's data; data/lake if left out.")
def migrate_to(target: str, data_path: str) -> None:
    """Copy the warehouse from its file to the empty lake TARGET ("ducklake:postgres:dbname=... host=...").

    All identifiers, versions and times stay; the file does too. The setting `warehouse` then says which is used.
    """
    here = settings().workspace
    try:
        lake = lake_at(target, data_path or str(here.home / "lake"))
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="TARGET") from error
    if lake is None:
        raise click.BadParameter("it is empty", param_hint="TARGET")
    with exclusive(here, settings().lock_wait):
        move_to(here, lake, utc_now(), settings().memory_limit)
    click.echo(f"Copied {here.database} to {lake}, and published it there. Next, in commentary.toml:")
    click.echo(f'warehouse = "{lake}"\ndata_path = "{lake.data_path}"')


@click.command(name="keep-up")
def keep_up() -> None:
    """Keep a lake quick and small: merge small files, remove what no reader needs. Beside readers and writers."""
    click.echo(f"{keep_up_of(settings().workspace, utc_now(), settings().memory_limit)}.")


def _told(contents: Contents) -> str:
    published = "the published data" if contents.snapshot else "nothing published yet"
    return f"{published} and {contents.objects} stored objects"
