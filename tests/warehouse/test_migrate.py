"""The schema through time: old files are brought up to date, newer ones and damaged ones refused with a way out."""

from pathlib import Path

import duckdb
import pytest
import zstandard
from duckdb import DuckDBPyConnection

from tests.warehouse.builders import coded, rich
from tests.warehouse.processes import end, line_of, start
from warehouse import database as migrate_module
from warehouse.articles import store_articles
from warehouse.database import (
    current_schema,
    migrate,
    open_snapshot,
    open_warehouse,
    refresh_views,
    schema_version,
    transaction,
)
from warehouse.errors import DamagedError, LockedError, NewerSchemaError, WarehouseError
from warehouse.publish import run_checks
from warehouse.sql import SqlFile, sql_files
from warehouse.workspace import Workspace

FIRST_SCHEMA = Path(__file__).parent / "fixtures" / "first-schema.duckdb.zst"


@pytest.fixture
def bare(tmp_path: Path) -> Workspace:
    """A workspace without a database."""
    made = Workspace(tmp_path / "data")
    made.prepare()
    return made


def _user_tables(connection: DuckDBPyConnection) -> dict[str, list[str]]:
    rows = connection.execute(
        "SELECT table_name, list(column_name ORDER BY column_index) FROM duckdb_columns() "
        "WHERE NOT internal AND table_name IN (SELECT table_name FROM duckdb_tables()) GROUP BY ALL"
    ).fetchall()
    return dict(rows)


def test_migrations_are_numbered_without_gaps() -> None:
    numbers = [int(file.name.split("_")[0]) for file in sql_files("migrations")]
    assert numbers == list(range(1, len(numbers) + 1))


def test_first_schema_migrates_with_nothing_lost(bare: Workspace) -> None:
    bare.database.write_bytes(zstandard.ZstdDecompressor().decompress(FIRST_SCHEMA.read_bytes()))
    with duckdb.connect(str(bare.database)) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        columns = _user_tables(connection)
        before = {
            table: connection.execute(f"SELECT {', '.join(names)} FROM {table}").fetchall()
            for table, names in columns.items()
            if not table.startswith("schema_")
        }
    assert all(before.values()), "the old file has a row in each table"

    with open_warehouse(bare) as connection:
        assert schema_version(connection) == current_schema() > 1
        for table, rows in before.items():
            assert connection.execute(f"SELECT {', '.join(columns[table])} FROM {table}").fetchall() == rows, table
        assert run_checks(connection) == ()
        assert connection.execute("SELECT value, changed_from_value FROM v_figures ORDER BY value").fetchall() == [
            (5e9, None), (6e9, 5e9),
        ]  # fmt: skip
        assert [loaded.outcome for loaded in store_articles(connection, [rich()])] == ["new"]
    with open_warehouse(bare) as connection:
        assert migrate(connection) == 0


def test_newer_schema_is_refused_untouched(bare: Workspace) -> None:
    with open_warehouse(bare) as connection:
        connection.execute(
            "INSERT INTO schema_migrations SELECT * REPLACE (9999 AS version) FROM schema_migrations LIMIT 1"
        )
        connection.execute("CREATE TABLE of_the_future (x INTEGER)")
    with pytest.raises(NewerSchemaError, match=r"9999.*upgrade"):
        open_warehouse(bare)
    with duckdb.connect(str(bare.database)) as connection:
        assert connection.execute("SELECT count(*) FROM of_the_future").fetchone() == (0,)


def test_failing_migration_leaves_nothing_of_itself(bare: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_warehouse(bare) as connection:
        broken = SqlFile("9998_broken", "CREATE TABLE half (x INTEGER); INSERT INTO no_such_table VALUES (1);")
        later = SqlFile("9999_later", "CREATE TABLE later (x INTEGER);")
        real = migrate_module.migrations()
        monkeypatch.setattr(migrate_module, "migrations", lambda: (*real, broken, later))
        before = schema_version(connection)
        with pytest.raises(WarehouseError, match="9998_broken failed and was undone"):
            migrate(connection)
        assert schema_version(connection) == before
        assert not {"half", "later"} & set(_user_tables(connection))


def test_views_are_made_anew_when_their_text_changed(bare: Workspace) -> None:
    with open_warehouse(bare) as connection:
        assert not refresh_views(connection)
        connection.execute("UPDATE schema_views SET hash = 'older'")
        connection.execute("DROP VIEW v_figures")
        connection.execute("CREATE VIEW v_of_the_past AS SELECT 1 AS x")
        assert refresh_views(connection)
        connection.execute("SELECT * FROM v_figures")
        with pytest.raises(duckdb.CatalogException):
            connection.execute("SELECT * FROM v_of_the_past")


@pytest.mark.parametrize("part", ["empty", "text", "cut", "overwritten"])
def test_damaged_file_is_reported_with_the_way_out(workspace: Workspace, part: str) -> None:
    sound = workspace.database.read_bytes()
    half = len(sound) // 2
    damaged = {
        "empty": b"",
        "text": b"this is no database\n" * 1000,
        "cut": sound[:half],
        "overwritten": sound[:8192] + b"\xa5" * (len(sound) - 8192),
    }
    workspace.database.write_bytes(damaged[part])
    with pytest.raises(DamagedError, match="commentary rebuild") as caught:
        open_warehouse(workspace).execute("SELECT count(*) FROM paragraphs")
    assert str(workspace.database) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_snapshot_that_is_not_there_says_what_to_run(workspace: Workspace) -> None:
    with pytest.raises(WarehouseError, match="nothing is published yet; run `commentary ingest`"):
        open_snapshot(workspace)


def test_open_database_is_locked_for_others(workspace: Workspace) -> None:
    holder = start(
        "import duckdb, sys, time; c = duckdb.connect(sys.argv[1]); print('open'); time.sleep(60)", workspace.database
    )
    try:
        assert line_of(holder) == "open"
        with pytest.raises(LockedError, match="another process"):
            open_warehouse(workspace)
    finally:
        end(holder)


def test_nothing_is_fetched_from_the_network(connection: DuckDBPyConnection) -> None:
    for statement in ("LOAD spatial", "SELECT * FROM 'https://example.org/x.parquet'"):
        with pytest.raises(duckdb.Error):
            connection.execute(statement)
    settings = connection.execute(
        "SELECT current_setting('autoinstall_known_extensions'), current_setting('autoload_known_extensions'), "
        "current_setting('TimeZone')"
    ).fetchone()
    assert settings == (False, False, "UTC")


def test_everything_carries_a_comment(connection: DuckDBPyConnection) -> None:
    bare_tables = connection.execute(
        "SELECT table_name FROM duckdb_tables() WHERE NOT internal AND NOT temporary AND comment IS NULL"
    ).fetchall()
    bare_views = connection.execute(
        "SELECT view_name FROM duckdb_views() WHERE NOT internal AND NOT temporary AND comment IS NULL"
    ).fetchall()
    bare_columns = connection.execute(
        "SELECT table_name || '.' || column_name FROM duckdb_columns() "
        "WHERE NOT internal AND schema_name = 'main' AND comment IS NULL"
    ).fetchall()
    bare_macros = connection.execute(
        "SELECT function_name FROM duckdb_functions() "
        "WHERE NOT internal AND function_type IN ('macro', 'table_macro') AND comment IS NULL"
    ).fetchall()
    assert bare_tables + bare_views + bare_columns + bare_macros == []
    counted = connection.execute("SELECT count(*) FROM duckdb_columns() WHERE NOT internal").fetchone()
    assert counted is not None and counted[0] > 300


def test_damage_found_only_later_is_reported_too(workspace: Workspace) -> None:
    with open_warehouse(workspace) as connection:
        for number in range(20):
            texts = [f"{number} {place} " + "words of some length " * 200 for place in range(40)]
            store_articles(connection, [coded(str(number), *texts)])
    content = bytearray(workspace.database.read_bytes())
    content[len(content) // 3 : len(content) * 2 // 3] = b"\xa5" * (len(content) * 2 // 3 - len(content) // 3)
    workspace.database.write_bytes(bytes(content))

    def use() -> None:
        with open_warehouse(workspace) as connection, transaction(connection):
            connection.execute("SELECT sum(length(text)) FROM paragraphs")
            connection.execute("SELECT max(text) FROM article_versions")

    with pytest.raises(DamagedError, match="commentary rebuild"):
        use()
