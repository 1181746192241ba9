"""The record of runs: when each ran, how it ended, and what it did."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Literal

from duckdb import DuckDBPyConnection

from warehouse.database import transaction
from warehouse.rows import changed_rows, select_as, staged_values
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
    """One run as recorded. A killed one is "running" until a later run, finding that it is not alive, says "crashed".

    `alive_at` is when it last said that it was alive; `worker` names its machine, where several share the warehouse.
    """

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
    alive_at: datetime | None = None
    worker: str | None = None


@dataclass(frozen=True, slots=True)
class Fellows:
    """Which worker a run belongs to, and which other ones hold their lease now, where several share a warehouse."""

    worker: str
    alive: frozenset[str]


SILENT_AFTER = timedelta(minutes=10)
"""How long a run of another worker, whose lease has lapsed, is given before it counts as crashed: it says every half
minute that it is alive."""


def start_run(
    connection: DuckDBPyConnection,
    run_id: str,
    flow: str,
    started_at: datetime,
    flow_run_id: str | None = None,
    fellows: Fellows | None = None,
) -> None:
    """Record that a run started, and mark earlier ones as crashed that are still "running" but not alive.

    Where one machine has the warehouse to itself, that is all of them, since the lock is ours. With `fellows`, it is
    those of this worker, and those of others that have been silent for `SILENT_AFTER` and do not hold their lease.
    """
    with transaction(connection):
        if fellows is None:
            connection.execute(SQL("mark_crashed_runs"))
        else:
            with staged_values(connection, fellows.alive):
                silent = {"worker": fellows.worker, "silent_since": started_at - SILENT_AFTER}
                connection.execute(SQL("mark_silent_runs"), silent)
        worker = fellows.worker if fellows is not None else None
        connection.execute(SQL("start_run"), [run_id, flow_run_id, flow, started_at, started_at, worker])


def keep_alive(connection: DuckDBPyConnection, run_id: str, now: datetime) -> None:
    """Record that a run is alive."""
    with transaction(connection):
        connection.execute(SQL("keep_alive"), [now, run_id])


def finish_run(
    connection: DuckDBPyConnection, run_id: str, finished_at: datetime, state: RunState, counts: RunCounts
) -> None:
    """Record how a run ended and what it did.

    Raises:
        KeyError: no such run was started.
    """
    fields = {"run_id": run_id, "finished_at": finished_at, "state": state, **asdict(counts)}
    with transaction(connection):
        if not changed_rows(connection, SQL("finish_run"), fields):
            raise KeyError(run_id)


def stored_runs(connection: DuckDBPyConnection, limit: int = 100) -> tuple[RecordedRun, ...]:
    """The latest runs, latest first."""
    return select_as(connection, RecordedRun, SQL("runs"), [limit])
