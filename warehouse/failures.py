"""What could not be fetched, read or loaded, until it succeeds."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from duckdb import DuckDBPyConnection

from extractors.web.model import FailureState
from warehouse.rows import select_as, staged_values, upsert_rows
from warehouse.sql import statement
from warehouse.transaction import transaction


def save_failures(connection: DuckDBPyConnection, failures: Iterable[FailureState]) -> None:
    """Record failures; those of the same url and stage are replaced."""
    with transaction(connection):
        upsert_rows(connection, "failures", [asdict(failure) for failure in failures])


def load_failures(connection: DuckDBPyConnection) -> tuple[FailureState, ...]:
    """All failures that have not been followed by a success, latest first."""
    return select_as(connection, FailureState, statement("failures"))


@dataclass(frozen=True, slots=True)
class ToldFailure:
    """A failure with its true next try, None for never; `resting` where its source is switched off or left the file."""

    url: str
    stage: str
    error_type: str
    message: str
    attempts: int
    first_at: datetime
    last_at: datetime
    next_try_at: datetime | None
    resting: bool


def told_failures(connection: DuckDBPyConnection) -> tuple[ToldFailure, ...]:
    """All failures as a person is told of them, latest first."""
    return select_as(connection, ToldFailure, statement("failures_told"))


def clear_failures(connection: DuckDBPyConnection, urls: Iterable[str], stage: str | None = None) -> int:
    """Forget the failures of addresses that succeeded, at one stage or all; returns how many there were."""
    with transaction(connection), staged_values(connection, urls):
        return len(connection.execute(statement("clear_failures"), [stage, stage]).fetchall())
