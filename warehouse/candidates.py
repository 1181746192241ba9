"""Addresses that sources led to, what became of each, and the pages that are read again."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal

from duckdb import DuckDBPyConnection

from warehouse.rows import staged_values
from warehouse.sql import statement
from warehouse.transaction import transaction

CandidateStatus = Literal["new", "ingested", "not_similar", "duplicate", "disallowed", "failed", "gone"]
Overruling = Literal["accept", "reject"]


@dataclass(frozen=True, slots=True)
class CandidateOutcome:
    """What became of a candidate and why; `article_id` is the article that it became or repeats."""

    url: str
    status: CandidateStatus
    decided_at: datetime
    reason: str | None = None
    relevance: float | None = None
    article_id: str | None = None


def known_candidate_urls(connection: DuckDBPyConnection) -> frozenset[str]:
    """The addresses of all candidates ever found."""
    return frozenset(str(row[0]) for row in connection.execute(statement("candidate_urls")).fetchall())


def save_outcomes(connection: DuckDBPyConnection, outcomes: Iterable[CandidateOutcome]) -> None:
    """Record what became of candidates. Same outcomes again leave the rows, `decided_at` too, as they are."""
    with transaction(connection):
        for outcome in outcomes:
            connection.execute(statement("save_outcome"), asdict(outcome))


def settle_candidates(connection: DuckDBPyConnection, urls: Iterable[str], now: datetime) -> None:
    """Have addresses of articles that are loaded not be asked for themselves any more, and their failures forgotten."""
    addresses = list(dict.fromkeys(urls))
    with transaction(connection), staged_values(connection, addresses):
        connection.execute(statement("settle_candidates"), {"now": now})
        connection.execute(statement("clear_failures"), [None, None])


def overrule(connection: DuckDBPyConnection, url: str, ruling: Overruling) -> bool:
    """Record an operator's word on a candidate; it becomes "new" again, to be taken up by the next run.

    Returns whether the candidate is known.
    """
    with transaction(connection):
        return bool(connection.execute(statement("overrule_candidate"), [ruling, url]).fetchall())
