"""The record of runs: when each ran, how it ended, and what it did."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal

from duckdb import DuckDBPyConnection

from warehouse.database import transaction
from warehouse.rows import select_as
from warehouse.sql import statements

SQL = statements(__file__)

RunState = Literal["running", "completed", "failed", "crashed"]


@dataclass(frozen=True, slots=True)
class RunCounts:
    """What a run did, in numbers of candidates, pages and articles."""

    found: int = 0
    fetched: int = 0
    unchanged: int = 0
    ingested: int = 0
    updated: int = 0
    not_similar: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True)
class RecordedRun:
    """One run as recorded. A killed one is "running" until the next run starts, which marks it "crashed"."""

    run_id: str
    flow_run_id: str | None
    flow: str
    started_at: datetime
    finished_at: datetime | None
    state: RunState
    found: int
    fetched: int
    unchanged: int
    ingested: int
    updated: int
    not_similar: int
    failed: int


def start_run(
    connection: DuckDBPyConnection, run_id: str, flow: str, started_at: datetime, flow_run_id: str | None = None
) -> None:
    """Record that a run started. Earlier ones still "running" were killed, since the lock is ours: they crashed."""
    with transaction(connection):
        connection.execute(SQL("mark_crashed_runs"))
        connection.execute(SQL("start_run"), [run_id, flow_run_id, flow, started_at])


def finish_run(
    connection: DuckDBPyConnection, run_id: str, finished_at: datetime, state: RunState, counts: RunCounts
) -> None:
    """Record how a run ended and what it did.

    Raises:
        KeyError: no such run was started.
    """
    fields = {"run_id": run_id, "finished_at": finished_at, "state": state, **asdict(counts)}
    with transaction(connection):
        if not connection.execute(SQL("finish_run"), fields).fetchall():
            raise KeyError(run_id)


def stored_runs(connection: DuckDBPyConnection, limit: int = 100) -> tuple[RecordedRun, ...]:
    """The latest runs, latest first."""
    return select_as(connection, RecordedRun, SQL("runs"), [limit])
