"""`commentary accept` and `commentary reject`: the operator's word against the judgement of a page."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from duckdb import DuckDBPyConnection

from extractors.web.address import BadAddressError, canonical, fetchable
from flows.errors import UserError
from flows.run import utc_now
from flows.settings import settings
from warehouse.connection import open_warehouse
from warehouse.journal import journal_of
from warehouse.lock import exclusive
from warehouse.overruling import accept as accept_page
from warehouse.overruling import reject as reject_page
from warehouse.publish import publish
from warehouse.workspace import Workspace

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
