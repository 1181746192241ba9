"""What a database holds, as row counts and hashes, to tell whether anything changed and to tie a snapshot together."""

from dataclasses import dataclass

from duckdb import DuckDBPyConnection

from warehouse.sql import statement

# Not content: which state the file is, the search index, which is derived, and the runs' own records (a run that
# changed nothing publishes nothing).
NOT_CONTENT = frozenset(
    {"snapshot", "snapshot_tables", "lineage", "publications", "schema_migrations", "schema_views", "runs"}
)
DERIVED_PREFIX = "search_"


@dataclass(frozen=True, slots=True)
class TableState:
    """One table's number of rows and a hash over them in any order."""

    table_name: str
    row_count: int
    fingerprint: str


def table_names(connection: DuckDBPyConnection) -> tuple[str, ...]:
    """All tables of the warehouse, in order of name."""
    return tuple(str(row[0]) for row in connection.execute(statement("table_names")).fetchall())


def fingerprint(connection: DuckDBPyConnection) -> tuple[TableState, ...]:
    """The state of every table that holds content. Reads it all: about a second for 20,000 articles."""
    names = [name for name in table_names(connection) if name not in NOT_CONTENT]
    return tuple(_table_state(connection, name) for name in names if not name.startswith(DERIVED_PREFIX))


def _table_state(connection: DuckDBPyConnection, name: str) -> TableState:
    found = connection.execute(statement("table_state", table=name)).fetchone()
    assert found is not None  # noqa: S101  # an aggregate without GROUP BY always has one row
    return TableState(name, int(found[0]), str(found[1]))
