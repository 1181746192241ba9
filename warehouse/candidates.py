"""Addresses that sources led to, what became of each, and the pages that are read again."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal

from duckdb import DuckDBPyConnection

from extractors.web.model import Candidate, KnownPage
from warehouse.rows import add_missing_rows, select_as, staged_values, upsert_rows
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


@dataclass(frozen=True, slots=True)
class CandidateState:
    """What is known of a candidate's fate: its status, and whether an operator overruled the judgement."""

    url: str
    status: CandidateStatus
    reason: str | None
    relevance: float | None
    article_id: str | None
    overruled: Overruling | None


def save_candidates(connection: DuckDBPyConnection, candidates: Iterable[Candidate]) -> int:
    """Add candidates not known yet, with status "new"; returns how many. What is known of the others stays."""
    rows = [{**asdict(candidate), "status": "new"} for candidate in candidates]
    with transaction(connection):
        return add_missing_rows(connection, "candidates", rows)


def load_candidates(connection: DuckDBPyConnection, status: CandidateStatus | None = None) -> tuple[Candidate, ...]:
    """Candidates of a status, or all, most urgent first."""
    return select_as(connection, Candidate, statement("candidates"), [status, status])


def load_candidate_states(connection: DuckDBPyConnection, urls: Iterable[str]) -> dict[str, CandidateState]:
    """The fate of these candidates by address; unknown ones are left out."""
    with staged_values(connection, urls):
        rows = select_as(connection, CandidateState, statement("candidate_states"))
    return {row.url: row for row in rows}


def known_candidate_urls(connection: DuckDBPyConnection) -> frozenset[str]:
    """The addresses of all candidates ever found."""
    return frozenset(str(row[0]) for row in connection.execute(statement("candidate_urls")).fetchall())


def save_outcomes(connection: DuckDBPyConnection, outcomes: Iterable[CandidateOutcome]) -> None:
    """Record what became of candidates. Same outcomes again leave the rows, `decided_at` too, as they are."""
    with transaction(connection):
        for outcome in outcomes:
            connection.execute(statement("save_outcome"), asdict(outcome))


def overrule(connection: DuckDBPyConnection, url: str, ruling: Overruling) -> bool:
    """Record an operator's word on a candidate; it becomes "new" again, to be taken up by the next run.

    Returns whether the candidate is known.
    """
    with transaction(connection):
        return bool(connection.execute(statement("overrule_candidate"), [ruling, url]).fetchall())


def save_pages(connection: DuckDBPyConnection, pages: Iterable[KnownPage]) -> None:
    """Record what is known of pages that were fetched."""
    with transaction(connection):
        upsert_rows(connection, "pages", [asdict(page) for page in pages])


def load_pages(connection: DuckDBPyConnection) -> tuple[KnownPage, ...]:
    """All pages that were ever fetched, in order of address."""
    return select_as(connection, KnownPage, statement("pages"))
