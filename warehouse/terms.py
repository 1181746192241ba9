"""Terms that rise in recent articles and belong to no theme yet."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from duckdb import DuckDBPyConnection

from warehouse.rows import insert_rows, select_as
from warehouse.sql import statement
from warehouse.transaction import transaction


@dataclass(frozen=True, slots=True)
class EmergingTerm:
    """A term with the numbers of recent and earlier articles that use it, and where an example stands."""

    term: str
    recent_count: int
    earlier_count: int
    score: float
    article_id: str
    paragraph_no: int
    char_start: int
    char_end: int


def replace_emerging_terms(connection: DuckDBPyConnection, terms: Iterable[EmergingTerm]) -> bool:
    """Make the table hold exactly these terms; returns whether anything changed."""
    wanted = sorted(terms, key=lambda term: term.term)
    stored = select_as(connection, EmergingTerm, statement("emerging_terms"))
    if list(stored) == wanted:
        return False
    with transaction(connection):
        connection.execute(statement("delete_all", table="emerging_terms"))
        insert_rows(connection, "emerging_terms", [asdict(term) for term in wanted])
    return True
