"""Articles that say they come from another site, and which article they are copies of."""

from collections.abc import Iterable
from dataclasses import dataclass

from duckdb import DuckDBPyConnection

from warehouse.rows import select_as, staged_values
from warehouse.sql import statement
from warehouse.transaction import transaction


@dataclass(frozen=True, slots=True)
class SyndicatedCopy:
    """An article and the address on another site that its own page says it comes from."""

    article_id: str
    url: str
    syndicated_from: str


def syndicated_copies(connection: DuckDBPyConnection, addresses: Iterable[str]) -> tuple[SyndicatedCopy, ...]:
    """The articles that say they come from one of these addresses."""
    with staged_values(connection, addresses):
        return select_as(connection, SyndicatedCopy, statement("syndicated_copies"))


def name_original(connection: DuckDBPyConnection, copies: Iterable[str], original: str) -> None:
    """Mark articles, and what was marked as copies of them, as copies of another one that is loaded."""
    with transaction(connection), staged_values(connection, copies):
        connection.execute(statement("name_original"), {"original": original})
