"""The codebook's themes as a table, for labels and families in queries."""

from collections.abc import Iterable
from dataclasses import asdict

from duckdb import DuckDBPyConnection

from extractors.themes.model import Theme
from warehouse.rows import insert_rows, select_as
from warehouse.sql import statement
from warehouse.transaction import transaction


def load_themes(connection: DuckDBPyConnection, themes: Iterable[Theme]) -> bool:
    """Make the table of themes hold exactly these; returns whether anything changed.

    Mentions of a theme that left the codebook stay until their articles are recoded; the checks name them.
    """
    wanted = sorted(themes, key=lambda theme: theme.theme_id)
    stored = select_as(connection, Theme, statement("themes"))
    if sorted(stored, key=lambda theme: theme.theme_id) == wanted:
        return False
    with transaction(connection):
        connection.execute(statement("delete_all", table="themes"))
        insert_rows(connection, "themes", [asdict(theme) for theme in wanted])
    return True
