"""The codebook's themes as a table, for labels and families in queries."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from duckdb import DuckDBPyConnection

from warehouse.rows import insert_rows, select_as
from warehouse.sql import statement
from warehouse.transaction import transaction


@dataclass(frozen=True, slots=True)
class ThemeRow:
    """One theme of the codebook (docs/codebook.md)."""

    theme_id: str
    label: str
    family: str
    definition: str


def load_themes(connection: DuckDBPyConnection, rows: Sequence[ThemeRow]) -> bool:
    """Make the table of themes hold exactly these; returns whether anything changed.

    Mentions of a theme that left the codebook stay until their articles are recoded; the checks name them.
    """
    stored = select_as(connection, ThemeRow, statement("themes"))
    if sorted(stored, key=lambda row: row.theme_id) == sorted(rows, key=lambda row: row.theme_id):
        return False
    with transaction(connection):
        connection.execute(statement("delete_all", table="themes"))
        insert_rows(connection, "themes", [asdict(row) for row in rows])
    return True
