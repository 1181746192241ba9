"""Which database a published snapshot came from, so that none is published over by a stranger."""

from dataclasses import dataclass
from datetime import UTC, datetime

import duckdb
from duckdb import DuckDBPyConnection

from warehouse.connection import open_snapshot
from warehouse.errors import ForeignSnapshotError, NewerSchemaError, WarehouseError
from warehouse.fingerprint import TableState
from warehouse.migrate import current_schema
from warehouse.rows import select_as
from warehouse.sql import statement
from warehouse.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a published file says of itself; `warehouse_id` is None in those of releases that had none. `layout` is the
    number of its last migration and the hash of its views."""

    warehouse_id: str | None
    content_version: int
    published_at: datetime
    articles: int
    tables: tuple[TableState, ...]
    layout: tuple[int, str]


@dataclass(frozen=True, slots=True)
class Publication:
    """A state that was published, and `Journal.mark` of the raw store then (None where that was not noted)."""

    content_version: int
    published_at: datetime
    journal_mark: str | None


def published_snapshot(workspace: Workspace) -> Snapshot | None:
    """What is published; None if nothing is or it cannot be read: then there is nothing to keep.

    Raises:
        NewerSchemaError: a newer release published it.
    """
    try:
        with open_snapshot(workspace) as connection:
            found = _snapshot(connection)
    except NewerSchemaError:
        raise
    except (WarehouseError, duckdb.Error):
        return None
    if found is not None and found.layout[0] > current_schema():
        raise NewerSchemaError(
            f"{workspace.published}: was published by a newer release (schema {found.layout[0]}, this one knows "
            f"{current_schema()}); upgrade the project, or set COMMENTARY_HOME to another folder"
        )
    return found


def _snapshot(connection: DuckDBPyConnection) -> Snapshot | None:
    state = connection.execute(statement("read_snapshot")).fetchone()
    schema = connection.execute(statement("schema_version")).fetchone()
    views = connection.execute(statement("views_hash")).fetchone()
    articles = connection.execute(statement("article_count")).fetchone()
    if not (state and schema and views and articles):
        return None
    return Snapshot(
        warehouse_id=_warehouse_id(connection),
        content_version=int(state[0]),
        published_at=state[1].astimezone(UTC),
        articles=int(articles[0]),
        tables=select_as(connection, TableState, statement("read_snapshot_tables")),
        layout=(int(schema[0]), str(views[0])),
    )


def _warehouse_id(connection: DuckDBPyConnection) -> str | None:
    if connection.execute(statement("has_lineage")).fetchone() != (True,):
        return None
    found = connection.execute(statement("warehouse_id")).fetchone()
    return str(found[0]) if found else None


def publications(connection: DuckDBPyConnection) -> tuple[Publication, ...]:
    """Every state that was published from this database or the one that it came from, oldest first."""
    return select_as(connection, Publication, statement("publications"))


def descends(connection: DuckDBPyConnection, snapshot: Snapshot) -> bool:
    """Whether a snapshot was published from this database, or this database was made from the snapshot."""
    known = publications(connection)
    if snapshot.warehouse_id is None:
        return bool(known) and snapshot.content_version <= known[-1].content_version
    own = _warehouse_id(connection) == snapshot.warehouse_id
    states = {(one.content_version, one.published_at) for one in known}
    return own and (snapshot.content_version, snapshot.published_at) in states


def refuse_foreign(connection: DuckDBPyConnection, workspace: Workspace, snapshot: Snapshot | None) -> None:
    """Make sure that a snapshot may be published over.

    Raises:
        ForeignSnapshotError: it came from another database than this one.
    """
    if snapshot is not None and not descends(connection, snapshot):
        raise ForeignSnapshotError(
            f"{workspace.published}: was not published from the database of this folder (it holds {snapshot.articles} "
            f"articles, of {snapshot.published_at:%Y-%m-%d %H:%M} UTC), so nothing is published over it; `commentary "
            "rebuild` begins from it and adds what this folder fetched, or move the file away, or set COMMENTARY_HOME "
            "to another folder"
        )
