"""What the page says of the whole warehouse, whatever a reader has chosen: bounded rows, each as a frozen value."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

from duckdb import DuckDBPyConnection

from flows.page.wording import counted
from warehouse.rows import select_as
from warehouse.sql import statements

T = TypeVar("T")

_sql = statements(__file__)

WEEK = timedelta(days=7)
WELL = frozenset({"ok", "new"})
_FEW_SOURCES = 12


@dataclass(frozen=True, slots=True)
class Bounds:
    """How many rows of each kind the page takes at most."""

    edits: int = 200
    terms: int = 20
    sources: int = 500


@dataclass(frozen=True, slots=True)
class Totals:
    """How much the snapshot holds; `near_duplicates` are left out of all else, `new_articles` came in within a week."""

    articles: int
    near_duplicates: int
    publishers: int
    first_published_on: date | None
    last_published_on: date | None
    new_articles: int
    mentions: int
    figures: int
    failures: int
    content_version: int | None
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class Edit:
    """An edit of an article; `changed` are the first of its `changes`: kind, change, subject, before, after."""

    article_id: str
    seen_at: datetime
    title: str | None
    publisher: str | None
    version: int
    url: str
    changes: int
    changed: tuple[dict[str, str | None], ...] | None


@dataclass(frozen=True, slots=True)
class RisingTerm:
    """A term on the rise that belongs to no theme yet, with the numbers of articles that use it."""

    term: str
    recent_count: int
    earlier_count: int


@dataclass(frozen=True, slots=True)
class SourceRow:
    """How a source fares."""

    name: str
    sector: str | None
    enabled: bool
    status: str
    detail: str | None
    last_ok_at: datetime | None
    last_checked_at: datetime | None
    failing_endpoints: int
    endpoints: int
    articles: int
    waiting: int
    last_article_at: datetime | None

    @property
    def is_poor(self) -> bool:
        """Whether it is watched and needs a look."""
        return self.enabled and self.status not in WELL


@dataclass(frozen=True, slots=True)
class SourceCount:
    """How many watched sources are in a state."""

    status: str
    sources: int


@dataclass(frozen=True, slots=True)
class PageRows:
    """All that the page says whatever is chosen."""

    totals: Totals
    edits: tuple[Edit, ...]
    terms: tuple[RisingTerm, ...]
    sources: tuple[SourceRow, ...]
    source_states: tuple[SourceCount, ...]

    @property
    def sources_at_first(self) -> tuple[SourceRow, ...]:
        """All sources if they are few, else those that need a look."""
        return self.sources if len(self.sources) <= _FEW_SOURCES else tuple(row for row in self.sources if row.is_poor)

    @property
    def more_sources(self) -> tuple[SourceRow, ...]:
        """The others."""
        return tuple(row for row in self.sources if row not in self.sources_at_first)


def read_page_rows(connection: DuckDBPyConnection, now: datetime, bounds: Bounds | None = None) -> PageRows:
    """What the page says of an open snapshot; "new" is what came in within the week before `now`."""
    most = bounds or Bounds()

    def rows(kind: type[T], name: str, **values: object) -> tuple[T, ...]:
        return select_as(connection, kind, _sql(name), values)

    return PageRows(
        totals=rows(Totals, "totals", week_ago=now - WEEK)[0],
        edits=rows(Edit, "edits", edits=most.edits),
        terms=rows(RisingTerm, "terms", terms=most.terms),
        sources=rows(SourceRow, "sources", sources=most.sources),
        source_states=rows(SourceCount, "source_states"),
    )


def sources_finding(states: Sequence[SourceCount]) -> str:
    """How many sources need a look, and how many were never checked."""
    number = {state.status: state.sources for state in states}
    watched, well, unchecked = sum(number.values()), number.get("ok", 0), number.get("new", 0)
    if not watched:
        return "No source is watched: the articles come from the seeds"
    if poor := watched - well - unchecked:
        return f"{poor} of {counted(watched, 'watched source')} {'needs' if poor == 1 else 'need'} a look"
    if not well:
        return f"{counted(watched, 'source')} to watch, not checked yet"
    return f"{well} of {counted(watched, 'watched source')} {'is' if well == 1 else 'are'} well" + (
        f", {unchecked} not checked yet" if unchecked else ""
    )
