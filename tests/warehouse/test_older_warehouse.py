"""What a warehouse from before a table has is put into it from its stored bytes, as reextract does."""

from pathlib import Path

import duckdb
import pytest
from duckdb import DuckDBPyConnection

from extractors.themes import read_codebook
from extractors.version import extractor_version
from flows.steps.coding import code
from tests.warehouse.cookbook import seed_warehouse
from warehouse import database as schema
from warehouse.articles import out_of_date, store_articles
from warehouse.coded import CodedArticle
from warehouse.database import open_warehouse
from warehouse.raw_store import RawStore

WHO_SAYS_WHAT = ("organisations", "people", "bylines", "actor_mentions", "quotations", "citations")
ATTRIBUTED = "SELECT figure_id, actor_id FROM figures ORDER BY ALL"


def _rows(connection: DuckDBPyConnection) -> dict[str, list[tuple[object, ...]]]:
    return {table: connection.execute(f"SELECT * FROM {table} ORDER BY ALL").fetchall() for table in WHO_SAYS_WHAT}


def test_who_says_what_is_filled_from_the_bytes_of_a_warehouse_from_before_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = seed_warehouse(tmp_path / "data")
    with open_warehouse(workspace) as connection:
        before, attributed = _rows(connection), connection.execute(ATTRIBUTED).fetchall()
    assert all(before.values())
    as_before_migration("0008_who_says_what", workspace.database, monkeypatch)
    codebook = read_codebook()
    with open_warehouse(workspace) as connection:
        assert not any(_rows(connection).values())
        stored = out_of_date(connection, extractor_version=extractor_version(), codebook_version=codebook.version)
        anew = [code(one, RawStore(workspace.raw).get(one.raw_hash), codebook) for one in stored]
        outcomes = store_articles(connection, [one for one in anew if isinstance(one, CodedArticle)])
        assert len(outcomes) == 5
        assert _rows(connection) == before
        assert connection.execute(ATTRIBUTED).fetchall() == attributed


def as_before_migration(name: str, database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a database one of the schema before a migration, with the rows that it would have had."""
    older = database.with_name("older.duckdb")
    earlier = tuple(file for file in schema.migrations() if file.name < name)
    with duckdb.connect(str(older)) as connection, monkeypatch.context() as patched:
        patched.setattr(schema, "migrations", lambda: earlier)
        patched.setattr(schema, "current_schema", lambda: len(earlier))
        schema.migrate(connection)
        connection.execute(f"ATTACH '{database}' AS newer (READ_ONLY)")
        tables = connection.execute(
            "SELECT table_name, list(column_name) FROM duckdb_columns() WHERE database_name = 'older' AND NOT internal "
            "AND table_name IN (SELECT table_name FROM duckdb_tables() WHERE database_name = 'older') GROUP BY ALL"
        ).fetchall()
        for table in _parents_first(connection, {table for table, _ in tables}):
            columns = ", ".join(dict(tables)[table])
            if not table.startswith("schema_"):
                connection.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM newer.{table}")
        connection.execute(
            "UPDATE articles SET extractor_version = '0.0.0+before', findings_hash = 'of those extractors'"
        )
    older.replace(database)


def _parents_first(connection: DuckDBPyConnection, tables: set[str]) -> list[str]:
    """The tables in an order in which none comes before one that it refers to."""
    refers = connection.execute(
        "SELECT table_name, referenced_table FROM duckdb_constraints() "
        "WHERE database_name = 'older' AND constraint_type = 'FOREIGN KEY'"
    ).fetchall()
    ordered: list[str] = []
    while len(ordered) < len(tables):
        known = {*ordered}
        ordered += sorted(
            table
            for table in tables - known
            if all(parent in known or parent == table for child, parent in refers if child == table)
        )
    return ordered
