"""`commentary failures`, `accept` and `reject`: what failed, and the operator's word."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import click
from duckdb import DuckDBPyConnection

from extractors.web.address import BadAddressError, canonical, fetchable
from flows.run import utc_now
from flows.settings import UserError, settings
from warehouse.database import open_snapshot, open_warehouse
from warehouse.publish import publish
from warehouse.raw_store import journal_of
from warehouse.raw_store import prune as prune_warehouse
from warehouse.watched import ToldFailure, told_failures
from warehouse.watched import accept as accept_page
from warehouse.watched import reject as reject_page
from warehouse.workspace import Workspace, exclusive


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


@click.command()
@click.option("--older-than", "days", required=True, metavar="DAYS", help='Such as 90, or "90d".')
@click.option("--dry-run", is_flag=True, help="Only tell what would go.")
def prune(days: str, dry_run: bool) -> None:
    """Delete bytes of pages that were left out, bytes of old versions, and logs, if they are older than so many DAYS.

    What an article's current version needs stays, and so do all rows: texts of old versions, and what was decided of
    pages. A page that is accepted later is fetched again.
    """
    number = days.removesuffix("d").strip()
    if not number.isdigit() or int(number) < 1:
        raise click.BadParameter(f"{days!r} is no number of days: write 90", param_hint="--older-than")
    now = utc_now()
    with warehouse_held() as connection:
        freed = prune_warehouse(
            connection, Workspace(settings().home), now - timedelta(days=int(number)), now, dry_run=dry_run
        )
    for one in freed:
        click.echo(f"{one.files:>8} files, {one.size / 1e6:>10.1f} MB: {one.what}")
    told = "would go; without --dry-run they do" if dry_run else "went"
    click.echo(f"{sum(one.size for one in freed) / 1e6:.1f} MB {told}. Next: `commentary status` tells the sizes.")


def _addresses(url: str) -> tuple[str, str]:
    if url.startswith("file:"):  # a file that was added
        return url, url
    try:
        return canonical(url), fetchable(url)
    except BadAddressError as error:
        raise click.BadParameter(str(error), param_hint="URL") from error


@contextmanager
def warehouse_held() -> Iterator[DuckDBPyConnection]:
    """The pipeline's database, held and published afterwards, with the page that shows it."""
    workspace = Workspace(settings().home)
    workspace.prepare()
    with exclusive(workspace, settings().lock_wait):
        connection = open_warehouse(workspace, settings().memory_limit)
        try:
            yield connection
        finally:
            connection.close()
        if publish(workspace, utc_now(), settings().memory_limit).changed and settings().page:
            _renew_page(workspace)


def _renew_page(workspace: Workspace) -> None:
    from flows.page.write import renew_report  # noqa: PLC0415  other commands need no templates

    problem = renew_report(workspace, utc_now(), most_in_one_file=settings().page_articles)
    if problem is not None:
        click.echo(problem, err=True)
