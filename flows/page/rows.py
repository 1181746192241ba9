"""What the report page shows, read from a snapshot: bounded rows, each as a frozen value."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

from duckdb import DuckDBPyConnection

from warehouse.rows import select_as
from warehouse.sql import statements

T = TypeVar("T")

_sql = statements(__file__)

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Bounds:
    """How many rows the page takes at most, so that it opens quickly whatever the warehouse holds.

    The `search_*` bounds are for what its own search knows: with these, about 2 MB from 20,000 articles.
    """

    publishers: int = 8
    figures: int = 36
    series: int = 6
    points: int = 8
    conflicts: int = 12
    passages: int = 4
    actors: int = 12
    said: int = 8
    citing: int = 12
    new_articles: int = 15
    edits: int = 10
    terms: int = 20
    sources: int = 150
    search_articles: int = 2_000
    search_figures: int = 2_500
    search_passages: int = 2_500
    search_each: int = 4


@dataclass(frozen=True, slots=True)
class Totals:
    """How much the snapshot holds; `near_duplicates` are left out of all else, `new_articles` came in within a week."""

    articles: int
    near_duplicates: int
    publishers: int
    undated: int
    first_published_on: date | None
    last_published_on: date | None
    new_articles: int
    paragraphs: int
    mentions: int
    figures: int
    series: int
    conflicts: int
    sources: int
    failures: int
    content_version: int | None
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class ThemeRow:
    """A theme with how much is said of it; `attention` is the mean share of an article's paragraphs, 0 to 1."""

    theme_id: str
    label: str
    definition: str
    paragraphs: int
    articles: int
    problems: int
    benefits: int
    proposals: int
    contexts: int
    attention: float


@dataclass(frozen=True, slots=True)
class ThemeYear:
    """Attention to a theme in the `articles` articles of a year."""

    year: int
    theme_id: str
    articles: int
    attention: float


@dataclass(frozen=True, slots=True)
class PublisherTheme:
    """Attention to a theme in the `articles` articles of a publisher."""

    publisher: str
    theme_id: str
    articles: int
    attention: float


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A figure with its sentence; `mark_start` and `mark_end` count the sentence's code points from 0."""

    kind: str
    value: float
    value_low: float | None
    value_high: float | None
    unit: str | None
    qualifier: str
    period_start: date | None
    period_end: date | None
    period_text: str | None
    measure: str | None
    change: str | None
    attribution: str | None
    changed_from: str | None
    sentence: str
    mark_start: int
    mark_end: int
    title: str | None
    publisher: str | None
    published_on: date | None
    published_precision: str | None
    url: str
    language: str | None


@dataclass(frozen=True, slots=True)
class SeriesPoint:
    """One statement on a subject that is stated for several times."""

    subject: str
    kind: str
    unit: str | None
    period_start: date | None
    period_end: date | None
    value: float
    qualifier: str
    title: str | None
    publisher: str | None
    published_on: date | None
    url: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """The two statements on a subject and period that are furthest apart; they cannot both be right."""

    kind: str
    unit: str | None
    subject: str
    period_start: date
    period_end: date
    value_a: float
    value_b: float
    publisher_a: str | None
    publisher_b: str | None
    url_a: str
    url_b: str


@dataclass(frozen=True, slots=True)
class PassageRow:
    """A sentence that bears out a theme, with the telling words marked."""

    theme_id: str
    framing: str
    sentence: str
    mark_start: int
    mark_end: int
    title: str | None
    publisher: str | None
    published_on: date | None
    published_precision: str | None
    url: str
    language: str | None


@dataclass(frozen=True, slots=True)
class ActorRow:
    """An organisation or person with how often it is named and how often quoted."""

    name: str
    kind: str
    usual_role: str | None
    mentions: int
    articles: int
    quotations: int


@dataclass(frozen=True, slots=True)
class SaidRow:
    """A quotation of somebody who is named, with the paragraph that it stands in."""

    speaker: str
    speaks_for: str | None
    paragraph: str
    char_start: int
    char_end: int
    title: str | None
    publisher: str | None
    published_on: date | None
    published_precision: str | None
    url: str
    language: str | None


@dataclass(frozen=True, slots=True)
class CitingRow:
    """A publisher that leans on somebody's sources, how often and with how many figures."""

    citing: str
    cited: str
    citations: int
    figures: int
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NewArticle:
    """An article that came in lately."""

    first_seen_at: datetime
    published_on: date | None
    published_precision: str | None
    publisher: str | None
    title: str | None
    top_themes: tuple[str, ...]
    figures: int
    word_count: int
    url: str
    language: str | None


@dataclass(frozen=True, slots=True)
class Edit:
    """An edit of an article; `changed` are the first of its `changes`: kind, change, subject, before, after."""

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


@dataclass(frozen=True, slots=True)
class SourceCount:
    """How many watched sources are in a state."""

    status: str
    sources: int


@dataclass(frozen=True, slots=True)
class SearchArticle:
    """An article as the page's search knows it."""

    article_id: str
    title: str | None
    publisher: str | None
    published_on: date | None
    published_precision: str | None
    top_themes: tuple[str, ...]
    url: str


@dataclass(frozen=True, slots=True)
class SearchFigure:
    """A figure's sentence as the page's search knows it."""

    article_id: str
    sentence: str
    mark_start: int
    mark_end: int


@dataclass(frozen=True, slots=True)
class SearchPassage:
    """A theme's sentence as the page's search knows it."""

    article_id: str
    theme: str
    framing: str
    sentence: str
    mark_start: int
    mark_end: int


@dataclass(frozen=True, slots=True)
class PageRows:
    """All that the page is made from."""

    bounds: Bounds
    totals: Totals
    themes: tuple[ThemeRow, ...]
    theme_years: tuple[ThemeYear, ...]
    publisher_themes: tuple[PublisherTheme, ...]
    figures: tuple[FigureRow, ...]
    series: tuple[SeriesPoint, ...]
    conflicts: tuple[Conflict, ...]
    passages: tuple[PassageRow, ...]
    actors: tuple[ActorRow, ...]
    said: tuple[SaidRow, ...]
    citing: tuple[CitingRow, ...]
    new_articles: tuple[NewArticle, ...]
    edits: tuple[Edit, ...]
    terms: tuple[RisingTerm, ...]
    sources: tuple[SourceRow, ...]
    source_states: tuple[SourceCount, ...]
    search_articles: tuple[SearchArticle, ...]
    search_figures: tuple[SearchFigure, ...]
    search_passages: tuple[SearchPassage, ...]


def read_page_rows(connection: DuckDBPyConnection, now: datetime, bounds: Bounds | None = None) -> PageRows:
    """What the page shows of an open snapshot; "new" is what came in within the week before `now`."""
    most = bounds or Bounds()
    newest = {"articles": most.search_articles, "each": most.search_each}

    def rows(kind: type[T], name: str, **values: object) -> tuple[T, ...]:
        return select_as(connection, kind, _sql(name), values)

    return PageRows(
        bounds=most,
        totals=rows(Totals, "totals", week_ago=now - WEEK)[0],
        themes=rows(ThemeRow, "themes"),
        theme_years=rows(ThemeYear, "theme_years"),
        publisher_themes=rows(PublisherTheme, "publisher_themes", publishers=most.publishers),
        figures=rows(FigureRow, "figures", figures=most.figures),
        series=rows(SeriesPoint, "series", series=most.series, points=most.points),
        conflicts=rows(Conflict, "conflicts", conflicts=most.conflicts),
        passages=rows(PassageRow, "passages", passages=most.passages),
        actors=rows(ActorRow, "actors", actors=most.actors),
        said=rows(SaidRow, "said", said=most.said),
        citing=rows(CitingRow, "citing", citing=most.citing),
        new_articles=rows(NewArticle, "new_articles", articles=most.new_articles),
        edits=rows(Edit, "edits", edits=most.edits),
        terms=rows(RisingTerm, "terms", terms=most.terms),
        sources=rows(SourceRow, "sources", sources=most.sources),
        source_states=rows(SourceCount, "source_states"),
        search_articles=rows(SearchArticle, "search_articles", articles=most.search_articles),
        search_figures=rows(SearchFigure, "search_figures", figures=most.search_figures, **newest),
        search_passages=rows(SearchPassage, "search_passages", passages=most.search_passages, **newest),
    )
