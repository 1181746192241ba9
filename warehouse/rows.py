"""Plain rows in and out of tables, by way of Arrow: hundreds of times faster than row-wise inserts."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import pyarrow as pa
from duckdb import DuckDBPyConnection

from warehouse.sql import statements_in

SQL = statements_in(Path(__file__).with_name("database.sql"))

Row = Mapping[str, object]
T = TypeVar("T")

# What names a row of each table. No table has an index for it (see migration 0001): statements that add rows look the
# key up, and `checks/articles.sql` finds what is there twice.
KEYS: Mapping[str, tuple[str, ...]] = {
    "archive_pages": ("source_id", "url"),
    "article_addresses": ("url",),
    "article_signatures": ("article_id",),
    "article_versions": ("article_id", "version"),
    "backfills": ("source_id",),
    "candidates": ("url",),
    "endpoints": ("source_id", "url"),
    "failures": ("url", "stage"),
    "fetches": ("fetch_id",),
    "organisations": ("organisation_id",),
    "pages": ("url",),
    "people": ("person_id",),
    "readings": ("url",),
    "robots": ("origin",),
    "sources": ("source_id",),
}


@contextmanager
def staged(connection: DuckDBPyConnection, table: str, rows: Sequence[Row]) -> Iterator[str]:
    """Offer rows to SQL as a relation named `staged_<table>` inside the block; yields that name.

    Columns have the types of the table's; those that no row has are left out, so that `INSERT ... BY NAME` leaves
    them as they are.

    Raises:
        LookupError: the rows have a column that the table has not.
    """
    name = f"staged_{table}"
    with staged_table(connection, name, _arrow_table(connection, table, rows)):
        yield name


@contextmanager
def staged_table(connection: DuckDBPyConnection, name: str, table: pa.Table) -> Iterator[None]:
    """Offer a table that is laid out by column already to SQL under a name inside the block."""
    connection.register(name, table)
    try:
        yield
    finally:
        connection.unregister(name)


def _arrow_table(connection: DuckDBPyConnection, table: str, rows: Sequence[Row]) -> pa.Table:
    schema = connection.execute(SQL("no_rows", table=table)).to_arrow_table().schema
    if rows:
        if unknown := [name for name in rows[0] if name not in schema.names]:
            raise LookupError(f"the table {table} has no column {', '.join(unknown)}: add it in a migration")
        schema = pa.schema([schema.field(name) for name in rows[0]])
    columns = [pa.array([row[field.name] for row in rows], type=field.type) for field in schema]
    return pa.Table.from_arrays(columns, schema=schema)


@contextmanager
def staged_values(connection: DuckDBPyConnection, values: Iterable[str]) -> Iterator[None]:
    """Offer texts to SQL as the column `value` of a relation `staged_values` inside the block.

    A list bound as a parameter would do as well, a thousand times slower: DuckDB looks for optional packages at every
    element.
    """
    table = pa.table({"value": pa.array(list(values), type=pa.string())})
    with staged_table(connection, "staged_values", table):
        yield


def insert_rows(connection: DuckDBPyConnection, table: str, rows: Sequence[Row]) -> None:
    """Add rows to a table; all rows have the same columns."""
    if rows:
        with staged(connection, table, rows) as name:
            connection.execute(SQL("insert_staged", table=table, staged=name))


def upsert_rows(connection: DuckDBPyConnection, table: str, rows: Sequence[Row]) -> None:
    """Add rows to a table, or replace the given columns where the key is there already.

    Of several rows with one key the last counts.
    """
    if rows:
        with staged(connection, table, _last_of_each_key(table, rows)) as name:
            connection.execute(SQL("upsert_staged", table=table, staged=name, key=", ".join(KEYS[table])))


def add_missing_rows(connection: DuckDBPyConnection, table: str, rows: Sequence[Row]) -> int:
    """Add those rows whose key is not there yet; returns how many. Of several rows with one key the first counts."""
    if not rows:
        return 0
    first_of_each = _last_of_each_key(table, rows[::-1])
    with staged(connection, table, first_of_each) as name:
        return changed_rows(connection, SQL("insert_missing", table=table, staged=name, key=", ".join(KEYS[table])))


def changed_rows(
    connection: DuckDBPyConnection, statement: str, parameters: Sequence[object] | Mapping[str, object] = ()
) -> int:
    """Run a statement that adds, changes or removes rows; returns how many those were. (A lake has no `RETURNING`.)"""
    bound = dict(parameters) if isinstance(parameters, Mapping) else list(parameters)
    counted = connection.execute(statement, bound).fetchone()
    return int(counted[0]) if counted else 0


def _last_of_each_key(table: str, rows: Sequence[Row]) -> list[Row]:
    # Duplicate keys within one statement are made unique here: DuckDB would silently keep the first.
    return list({tuple(row[name] for name in KEYS[table]): row for row in rows}.values())


def select_as(
    connection: DuckDBPyConnection, kind: type[T], query: str, parameters: Sequence[object] | Mapping[str, object] = ()
) -> tuple[T, ...]:
    """The rows of a query as values of a dataclass: columns become fields of the same name, in any order.

    Lists become tuples, and times are in UTC. Fields that do not count when values are compared are not stored either.
    """
    names = [field.name for field in fields(kind) if field.compare]  # type: ignore[arg-type]
    return tuple(kind(**{name: row[name] for name in names}) for row in select_rows(connection, query, parameters))


def select_rows(
    connection: DuckDBPyConnection, query: str, parameters: Sequence[object] | Mapping[str, object] = ()
) -> list[dict[str, object]]:
    """The rows of a query by column. Lists are tuples, and times are in UTC."""
    bound = dict(parameters) if isinstance(parameters, Mapping) else list(parameters)
    table = connection.execute(query, bound).to_arrow_table()
    columns = [[_plain(value) for value in column.to_pylist()] for column in table.columns]
    return [dict(zip(table.column_names, values, strict=True)) for values in zip(*columns, strict=True)]


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    if isinstance(value, list):
        return tuple(value)
    return value
